// Deflate's inverse (RFC 1951) for browsers without DecompressionStream; some phones' built-in ones still are.
const LENGTH_BASE = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];
const LENGTH_MORE = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const BACK_BASE = [1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577];
const BACK_MORE = [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13];
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

// Codes of one length are consecutive: count[l] of them, symbols in their order.
function codeOf(lengths) {
  const count = new Uint16Array(16);
  for (const length of lengths) count[length]++;
  count[0] = 0;
  const starts = new Uint16Array(16);
  for (let l = 1; l < 15; l++) starts[l + 1] = starts[l] + count[l];
  const symbols = new Uint16Array(lengths.length);
  lengths.forEach((length, symbol) => {
    if (length) symbols[starts[length]++] = symbol;
  });
  return { count, symbols };
}

// bytes: a zlib stream (two bytes before, a checksum after the deflated ones).
export function inflate(bytes) {
  let at = 2;
  let held = 0;
  let holding = 0;
  let out = new Uint8Array(bytes.length * 4);
  let size = 0;

  const bits = (wanted) => {
    while (holding < wanted) {
      held |= bytes[at++] << holding;
      holding += 8;
    }
    const value = held & ((1 << wanted) - 1);
    held >>>= wanted;
    holding -= wanted;
    return value;
  };
  const symbol = ({ count, symbols }) => {
    let code = 0;
    let first = 0;
    let index = 0;
    for (let length = 1; length < 16; length++) {
      code |= bits(1);
      if (code - count[length] < first) return symbols[index + (code - first)];
      index += count[length];
      first = (first + count[length]) << 1;
      code <<= 1;
    }
    throw new Error("code");
  };
  const room = (more) => {
    if (size + more <= out.length) return;
    const larger = new Uint8Array(Math.max(out.length * 2, size + more));
    larger.set(out);
    out = larger;
  };
  const codes = (kind) => {
    if (kind === 1) {
      const lengths = Array.from({ length: 288 }, (_, n) => (n < 144 ? 8 : n < 256 ? 9 : n < 280 ? 7 : 8));
      return [codeOf(lengths), codeOf(new Array(30).fill(5))];
    }
    const literals = bits(5) + 257;
    const backs = bits(5) + 1;
    const given = bits(4) + 4;
    const short = new Array(19).fill(0);
    for (let n = 0; n < given; n++) short[ORDER[n]] = bits(3);
    const shortCode = codeOf(short);
    const lengths = [];
    while (lengths.length < literals + backs) {
      const one = symbol(shortCode);
      if (one < 16) lengths.push(one);
      else {
        const value = one === 16 ? lengths[lengths.length - 1] : 0;
        let times = one === 16 ? 3 + bits(2) : one === 17 ? 3 + bits(3) : 11 + bits(7);
        while (times--) lengths.push(value);
      }
    }
    return [codeOf(lengths.slice(0, literals)), codeOf(lengths.slice(literals))];
  };

  for (let last = 0; !last; ) {
    last = bits(1);
    const kind = bits(2);
    if (kind === 0) {
      held = holding = 0;
      const length = bytes[at] | (bytes[at + 1] << 8);
      room(length);
      out.set(bytes.subarray(at + 4, at + 4 + length), size);
      at += 4 + length;
      size += length;
      continue;
    }
    const [literal, back] = codes(kind);
    for (;;) {
      const one = symbol(literal);
      if (one === 256) break;
      room(258);
      if (one < 256) {
        out[size++] = one;
        continue;
      }
      const length = LENGTH_BASE[one - 257] + bits(LENGTH_MORE[one - 257]);
      const how = symbol(back);
      const from = size - BACK_BASE[how] - bits(BACK_MORE[how]);
      for (let n = 0; n < length; n++) out[size + n] = out[from + n];
      size += length;
    }
  }
  return out.subarray(0, size);
}
