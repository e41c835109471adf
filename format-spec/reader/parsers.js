// The parsers that the Kaitai Struct compiler makes of hmap.ksy and hmap_log.ksy, made anew in each run.
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const compiler = require('kaitai-struct-compiler');
const KaitaiStream = require('kaitai-struct/KaitaiStream');
const yaml = require('yaml');

async function compile(file, name) {
  const text = fs.readFileSync(path.join(__dirname, '..', file), 'utf8');
  const sources = await compiler.compile('javascript', yaml.parse(text), null, false);
  const exports = {};
  new Function('exports', 'require', sources[`${name}.js`])(exports, require);
  return exports[name];
}

/** What a type of theirs makes of a byte array. */
function parse(type, bytes) {
  return new type(new KaitaiStream(new Uint8Array(bytes).buffer));
}

async function load() {
  return { Hmap: await compile('hmap.ksy', 'Hmap'), HmapLog: await compile('hmap_log.ksy', 'HmapLog') };
}

module.exports = { load, parse };
