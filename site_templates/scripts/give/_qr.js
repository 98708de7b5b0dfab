// A QR code (ISO/IEC 18004) of at most 412 bytes, level M, mask 3: rows of 0 and 1, or null.
"use strict";
const qrCode = (() => {
  // Of each version: check codewords in a block, and blocks.
  const CHECKS = [0, 10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24];
  const BLOCKS = [0, 1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10];
  const numbers = (count, make) => Array.from({ length: count }, (_, at) => make(at));

  const codewords = (version) => {
    const lines = Math.floor(version / 7) + 2;
    const patterns = version < 2 ? 0 : (25 * lines - 10) * lines - 55 + (version < 7 ? 0 : 36);
    return (16 * version + 128) * version + 64 - patterns >> 3;
  };
  const capacity = (version) => codewords(version) - CHECKS[version] * BLOCKS[version];

  const encode = (bytes, version) => {
    const bits = [[4, 4], [bytes.length, version < 10 ? 8 : 16], ...bytes.map((byte) => [byte, 8]), [0, 4]]
      .map(([value, width]) => value.toString(2).padStart(width, "0")).join("");
    return numbers(capacity(version), (at) =>
      at * 8 < bits.length ? parseInt(bits.slice(at * 8, at * 8 + 8), 2) : (at - bits.length / 8) % 2 ? 17 : 236);
  };

  // 7.5: Reed–Solomon
  const multiply = (a, b) => {
    let product = 0;
    for (let bit = 7; bit >= 0; bit--) product = product << 1 ^ (product >> 7) * 285 ^ (b >> bit & 1) * a;
    return product;
  };
  const divisor = (degree) => {
    const found = [...Array(degree - 1).fill(0), 1];
    for (let round = 0, root = 1; round < degree; round++, root = multiply(root, 2)) {
      for (let at = 0; at < degree; at++) found[at] = multiply(found[at], root) ^ (found[at + 1] ?? 0);
    }
    return found;
  };
  const checks = (data, generator) => data.reduce((rest, byte) => {
    const factor = byte ^ rest[0];
    return generator.map((one, at) => (rest[at + 1] ?? 0) ^ multiply(one, factor));
  }, generator.map(() => 0));

  const interleave = (data, version) => {
    const [all, count, generator] = [codewords(version), BLOCKS[version], divisor(CHECKS[version])];
    const short = Math.floor(all / count) - generator.length;
    let from = 0;
    const blocks = numbers(count, (at) => data.slice(from, from += short + (at >= count - all % count)));
    const columns = (rows) => numbers(Math.max(...rows.map((row) => row.length)), (at) => rows.map((row) => row[at])).flat();
    return [...columns(blocks), ...columns(blocks.map((block) => checks(block, generator)))].filter((byte) => byte !== undefined);
  };

  const guarded = (value, width, polynomial) => {
    let rest = value;
    for (let round = 0; round < width; round++) rest = rest << 1 ^ (rest >> width - 1) * polynomial;
    return value << width | rest;
  };

  const drawFormat = (rows) => {
    const size = rows.length;
    const bits = guarded(3, 10, 0x537) ^ 0x5412;
    for (let at = 0; at < 15; at++) {
      const bit = bits >> at & 1;
      const [x, y] = at < 8 ? [8, at + (at > 5)] : [at < 9 ? 7 : 14 - at, 8];
      rows[y][x] = bit;
      if (at < 8) rows[8][size - 1 - at] = bit;
      else rows[size - 15 + at][8] = bit;
    }
    rows[size - 8][8] = 1;
  };

  // 6.3; cells for data stay null
  const drawPatterns = (version) => {
    const size = version * 4 + 17;
    const rows = numbers(size, () => Array(size).fill(null));
    const square = (x, y, reach, light) => {
      for (let dy = -reach; dy <= reach; dy++) for (let dx = -reach; dx <= reach; dx++) {
        if (rows[y + dy]?.[x + dx] !== undefined) rows[y + dy][x + dx] = +!light.includes(Math.max(Math.abs(dx), Math.abs(dy)));
      }
    };
    for (let at = 0; at < size; at++) rows[6][at] = rows[at][6] = +(at % 2 === 0);
    for (const [x, y] of [[3, 3], [size - 4, 3], [3, size - 4]]) square(x, y, 4, [2, 4]);
    const lines = version < 2 ? 0 : Math.floor(version / 7) + 2;
    const step = Math.ceil((version * 4 + 4) / (lines * 2 - 2)) * 2;
    const centres = numbers(lines, (at) => at ? size - 7 - (lines - 1 - at) * step : 6);
    for (const y of centres) for (const x of centres) {
      if (rows[y][x] === null || x !== y && x + y < size - 1) square(x, y, 2, [1]);
    }
    const bits = guarded(version, 12, 0x1f25);
    for (let at = 0; at < (version < 7 ? 0 : 18); at++) {
      const [far, near] = [size - 11 + at % 3, Math.floor(at / 3)];
      rows[near][far] = rows[far][near] = bits >> at & 1;
    }
    drawFormat(rows);
    return rows;
  };

  const place = (patterns, data) => {
    const size = patterns.length;
    const rows = patterns.map((row) => [...row]);
    let bit = 0;
    for (let right = size - 1; right > 0; right -= right === 8 ? 3 : 2) {
      for (let at = 0; at < size * 2; at++) {
        const x = right - at % 2;
        const along = at >> 1;
        const y = right + (right < 6) & 2 ? along : size - 1 - along;
        if (patterns[y][x] === null) rows[y][x] = (data[bit >> 3] >> 7 - bit++ % 8 & 1) ^ !((x + y) % 3);
      }
    }
    return rows;
  };

  return (text) => {
    const bytes = [...new TextEncoder().encode(text)];
    const version = BLOCKS.findIndex((_, one) => one && bytes.length + (one < 10 ? 2 : 3) <= capacity(one));
    return version < 0 ? null : place(drawPatterns(version), interleave(encode(bytes, version), version));
  };
})();
