"""Recompute an exported decision log: python3 verify.py [log.jsonl] [--pin N:HEX].

A pin is a receipt, an anchor or the head of another copy. It ends with 0: intact and pinned, 1: broken, 2: intact but
compared with nothing outside, 64: a wrong call. hash = SHA256(hash before + SHA256(body)), part = SHA256(salt + value).
"""

import argparse
import json
import re
from datetime import datetime
from hashlib import sha256
from itertools import accumulate

PARTS, LIMIT, PIN = ("who", "work", "text"), 2 * 1024 * 1024, re.compile(r"#?([1-9]\d*):([0-9a-f]{8,64})")
STRING, TIME = r'"(?:[^"\\]|\\.)*"', "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[.][0-9]{3}Z"
# int() refuses 1.5 and words: the log keeps whole numbers alone, none that is larger than every reader of JSON keeps
kept = {"parse_float": int, "parse_constant": int, "parse_int": lambda n: int(n if abs(int(n)) < 2**53 else "large")}


def check(fact, words):
    if not fact:
        raise ValueError(words)


def read(text):
    signs = re.findall(r"[][{}]", re.sub(STRING, "", text))
    level = max(accumulate(1 if sign in "[{" else -1 for sign in signs), default=0)
    check(level <= 64, "it is nested deeper than anything the bot writes")
    return json.loads(text, **kept)


def records(file):
    blanks = 0
    for line in iter(lambda: file.readline(LIMIT + 1), b""):
        filled = line.strip(b" \t\r\n")
        blanks += not filled
        check(len(line) <= LIMIT and blanks <= 1000, "a line is longer, or more are blank, than the bot writes")
        if filled:
            yield read(line.decode("utf-8-sig"))


def check_entry(record, seq, log, blank, erased):
    check(set(record) == {"body", "hash", *PARTS}, "the line is incomplete or holds more")
    body = read(record["body"])
    check(repr([body["v"], body["log"], body["seq"]]) == repr([1, log, seq]), "missing, out of place or foreign")
    check(isinstance(body["type"], str) and isinstance(body["refs"], dict), "its body is incomplete")
    check(re.fullmatch(TIME, body["at"]) and datetime.strptime(body["at"][:19], "%Y-%m-%dT%H:%M:%S"), "no such time")
    for name in PARTS:
        part, committed = record[name], body.get(name)
        if committed is None:
            check(part is None, f"{name} was added")
        elif part == "erased":
            blank.add((seq, name))
        elif part != "withheld":
            found = sha256(bytes.fromhex(part["salt"]) + part["value"].encode()).hexdigest()
            check(found == committed, f"{name} was changed")
    erases = body["refs"].get("erases") if body["type"] == "erased" else []
    check(isinstance(erases, list), "it erases what is not there")
    for number, name in erases:
        check(type(number) is int and 0 < number < seq and name in PARTS, "it erases what is not there")
        erased.add((number, name))


def walk(rest):
    first, head, seq, full, blank, erased = next(rest, {}), bytes(32), 0, 0, set(), set()
    check(first["format"] == "circle-take/log/1" and re.fullmatch("[0-9a-f]{32}", first["log"]), "no manifest")
    for seq, record in enumerate(rest, 1):
        full += "body" in record
        digest = sha256(record["body"].encode()).hexdigest() if "body" in record else record["digest"]
        head = sha256(head + bytes.fromhex(digest)).digest()
        if "body" in record:
            check_entry(record, seq, first["log"], blank, erased)
            check(record["hash"] == head.hex(), "its hash does not match")
        else:
            stub = [("digest", bytes.fromhex(digest).hex()), ("seq", seq)]
            check(repr(sorted(record.items())) == repr(stub) and len(digest) == 64, "a stub is missing or out of place")
        yield seq, head.hex()
    check(blank <= erased, f"blank without an erasure that says so: {sorted(blank - erased)[:1]}")
    claimed = repr([first["total"], first["head"], type(first["shown"]), type(first["accounts"])])
    fits = claimed == repr([seq, head.hex(), int, int]) and first["shown"] + first["accounts"] == full
    check(fits, "the first line does not fit the entries")


parser = argparse.ArgumentParser(description=__doc__)
parser.error = lambda words: parser.exit(64, f"{words}\n")
parser.add_argument("log", nargs="?", default=__file__.replace("verify.py", "log.jsonl"), type=argparse.FileType("rb"))
parser.add_argument("--pin", action="append", default=[], type=PIN.fullmatch)
args, seq, head = parser.parse_args(), 0, ""
all(args.pin) or parser.error("a pin is N:HEX, such as 12:9f86d081884c")
try:
    for seq, head in walk(records(args.log)):
        check(all(int(pin[1]) != seq or head.startswith(pin[2]) for pin in args.pin), "it is not the entry pinned")
    check(all(int(pin[1]) <= seq for pin in args.pin), "the log ends before a pin")
except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
    parser.exit(1, f"BROKEN after entry {seq}: {error}\n")
print(f"INTACT from entry 1 to {seq}. Its head, which can serve as a pin: {seq}:{head}")
print("It runs through every pin." if args.pin else "NOT PINNED: nothing outside this file was compared with it.")
parser.exit(0 if args.pin else 2)
