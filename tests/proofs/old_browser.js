// Takes everything from a browser that ES5 (2009) and typed arrays did not bring; runs before the page's own scripts.
(() => {
  const kept = {
    Array: "length name prototype isArray",
    "Array.prototype": "constructor length concat every filter forEach indexOf join lastIndexOf map pop push reduce reduceRight reverse shift slice some sort splice toLocaleString toString unshift",
    Date: "length name prototype now parse UTC",
    "Function.prototype": "constructor length name apply call bind toString arguments caller",
    Int32Array: "length name prototype BYTES_PER_ELEMENT",
    Math: "E LN10 LN2 LOG10E LOG2E PI SQRT1_2 SQRT2 abs acos asin atan atan2 ceil cos exp floor log max min pow random round sin sqrt tan",
    Number: "length name prototype MAX_VALUE MIN_VALUE NaN NEGATIVE_INFINITY POSITIVE_INFINITY",
    "Number.prototype": "constructor toExponential toFixed toLocaleString toPrecision toString valueOf",
    Object: "length name prototype create defineProperties defineProperty freeze getOwnPropertyDescriptor getOwnPropertyNames getPrototypeOf isExtensible isFrozen isSealed keys preventExtensions seal",
    "RegExp.prototype": "constructor exec test toString global ignoreCase multiline source flags",
    String: "length name prototype fromCharCode",
    "String.prototype": "constructor length charAt charCodeAt concat indexOf lastIndexOf localeCompare match replace search slice split substr substring toLocaleLowerCase toLocaleUpperCase toLowerCase toString toUpperCase trim valueOf",
    "Uint8Array.__proto__": "length name prototype",
    "Uint8Array.prototype.__proto__": "constructor buffer byteLength byteOffset length set subarray",
    Uint8Array: "length name prototype BYTES_PER_ELEMENT",
  };
  const gone = {
    "Document.prototype": "append prepend replaceChildren",
    "Element.prototype": "after append before closest matches prepend remove replaceChildren replaceWith toggleAttribute",
    "HTMLElement.prototype": "dataset",
    "NodeList.prototype": "entries forEach keys values",
    window: "AbortController Atomics BigInt BigInt64Array BigUint64Array FinalizationRegistry Intl Iterator Map Promise Proxy Reflect Set SharedArrayBuffer Symbol TextDecoder TextEncoder URL WeakMap WeakRef WeakSet crypto fetch globalThis performance queueMicrotask requestIdleCallback structuredClone trustedTypes",
  };
  const find = (path) => (path === "window" ? window : path.split(".").reduce((at, name) => at[name], window));
  const doomed = [];
  for (const path of Object.keys(kept)) {
    const names = [...kept[path].split(" "), ...(path.startsWith("RegExp") ? [Symbol.match, Symbol.replace, Symbol.search, Symbol.split] : [])];
    for (const key of Reflect.ownKeys(find(path))) if (!names.includes(key)) doomed.push([find(path), key]);
  }
  for (const path of Object.keys(gone)) for (const key of gone[path].split(" ")) doomed.push([find(path), key]);
  for (let i = 0; i < doomed.length; i++) delete doomed[i][0][doomed[i][1]];
})();
