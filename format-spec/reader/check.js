// Compares the listing of each store in ../golden with what this reader finds: node check.js
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { list } = require('./list');
const { load } = require('./parsers');

const GOLDEN = path.join(__dirname, '..', 'golden');

/** What is wrong with a store, or null. */
function flaw(parsers, name) {
  const expected = fs.readFileSync(path.join(GOLDEN, `${name}.txt`), 'utf8').trimEnd().split('\n');
  const now = Number((expected.find((line) => line.startsWith('now ')) || 'now 0').slice('now '.length));
  try {
    const found = list(parsers, path.join(GOLDEN, `${name}.hmap.gz`), now);
    const line = expected.findIndex((text, i) => text !== found[i]);
    if (line >= 0) {
      return `line ${line + 1} is "${found[line]}" instead of "${expected[line]}"`;
    }
    return found.length > expected.length ? `line ${expected.length + 1} is too many` : null;
  } catch (error) {
    return String(error.stack);
  }
}

async function main() {
  const parsers = await load();
  const names = fs.readdirSync(GOLDEN).filter((f) => f.endsWith('.txt')).map((f) => path.basename(f, '.txt'));
  for (const name of names.sort()) {
    const wrong = flaw(parsers, name);
    console.log(`${name}: ${wrong === null ? 'ok' : wrong}`);
    process.exitCode = wrong === null ? process.exitCode : 1;
  }
}

main();
