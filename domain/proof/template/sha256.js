// SHA-256 (FIPS 180-4) by hand. A browser's own is missing where it opens a page as a file, and answers later, not at once.

var ROUNDS = [
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
];
var BEGINNING = [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];
var constants = new Int32Array(ROUNDS);
var schedule = new Int32Array(64); // of the block at hand

/** The SHA-256 of some bytes: 32 bytes. */
function sha256(bytes) {
  var state = new Int32Array(BEGINNING);
  var length = bytes.length;
  var padded = new Uint8Array(((length + 72) >> 6) << 6);
  padded.set(bytes);
  padded[length] = 0x80;
  putWord(padded, padded.length - 8, Math.floor(length / 0x20000000));
  putWord(padded, padded.length - 4, length << 3);
  for (var at = 0; at < padded.length; at += 64) compress(state, padded, at);
  var found = new Uint8Array(32);
  for (var i = 0; i < 8; i++) putWord(found, i * 4, state[i]);
  return found;
}

function putWord(bytes, at, word) {
  bytes[at] = word >>> 24;
  bytes[at + 1] = word >>> 16;
  bytes[at + 2] = word >>> 8;
  bytes[at + 3] = word;
}

function compress(state, bytes, at) {
  var a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
  for (var i = 0; i < 64; i++, at += 4) {
    schedule[i] = i < 16 ? (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]
      : schedule[i - 16] + schedule[i - 7] + (turn(schedule[i - 15], 7) ^ turn(schedule[i - 15], 18) ^ (schedule[i - 15] >>> 3))
        + (turn(schedule[i - 2], 17) ^ turn(schedule[i - 2], 19) ^ (schedule[i - 2] >>> 10));
    var one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + constants[i] + schedule[i]) | 0;
    var two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + one) | 0;
    d = c;
    c = b;
    b = a;
    a = (one + two) | 0;
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
  state[4] += e;
  state[5] += f;
  state[6] += g;
  state[7] += h;
}

function turn(word, by) {
  return (word >>> by) | (word << (32 - by));
}

function toHex(bytes) {
  var hex = "";
  for (var i = 0; i < bytes.length; i++) hex += (bytes[i] < 16 ? "0" : "") + bytes[i].toString(16);
  return hex;
}

/** The bytes that pairs of hex digits stand for, white space between them; null for anything else. */
function fromHex(text) {
  if (typeof text !== "string") return null;
  var bytes = [];
  for (var at = 0; at < text.length; at++) {
    if (" \t\n\v\f\r".indexOf(text.charAt(at)) >= 0) continue;
    var pair = text.substr(at, 2);
    if (!/^[0-9a-f]{2}$/i.test(pair)) return null;
    bytes.push(parseInt(pair, 16));
    at++;
  }
  return new Uint8Array(bytes);
}

/** The UTF-8 of a text; null for what is no text, because half of a UTF-16 pair stands in it. */
function toUtf8(text) {
  var bytes = new Uint8Array(text.length * 3);
  var size = 0;
  for (var i = 0; i < text.length; i++) {
    var code = text.charCodeAt(i);
    if (code >= 0xd800 && code < 0xe000) {
      var low = text.charCodeAt(i + 1); // NaN at the end
      if (code >= 0xdc00 || !(low >= 0xdc00 && low < 0xe000)) return null;
      code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
      i++;
    }
    if (code < 0x80) bytes[size++] = code;
    else {
      if (code < 0x800) bytes[size++] = 0xc0 | (code >> 6);
      else {
        if (code < 0x10000) bytes[size++] = 0xe0 | (code >> 12);
        else {
          bytes[size++] = 0xf0 | (code >> 18);
          bytes[size++] = 0x80 | ((code >> 12) & 0x3f);
        }
        bytes[size++] = 0x80 | ((code >> 6) & 0x3f);
      }
      bytes[size++] = 0x80 | (code & 0x3f);
    }
  }
  return bytes.subarray(0, size);
}

function joined(first, second) {
  var bytes = new Uint8Array(first.length + second.length);
  bytes.set(first);
  bytes.set(second, first.length);
  return bytes;
}
