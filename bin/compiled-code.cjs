// Bundles with the code that V8 made of them before. The build keeps it beside each bundle, as NAME.code: a 32-byte
// hash of the bundle, then V8's data. V8 looks itself whether the data is of its version and its flags; where it is
// not, or where there is none, the bundle is compiled as always. A third of the start is saved by it.
'use strict';
const { createHash } = require('node:crypto');
const { readFileSync, writeFileSync } = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const vm = require('node:vm');

const HASH = 32;
const loaded = [];

/** What was kept of a bundle, if it is of this very text: V8 looks at its length only. */
function keptCode(file, hash) {
  try {
    const kept = readFileSync(`${file}.code`);
    return kept.subarray(0, HASH).equals(hash) ? kept.subarray(HASH) : undefined;
  } catch {
    return undefined;
  }
}

function loadBundle(module, file) {
  const text = readFileSync(file);
  const hash = createHash('sha256').update(text).digest();
  const script = new vm.Script(Module.wrap(text.toString('utf8')), {
    filename: file,
    cachedData: keptCode(file, hash),
  });
  loaded.push({ file, hash, script });
  const run = script.runInThisContext();
  run.call(module.exports, module.exports, Module.createRequire(file), module, file, path.dirname(file));
}

/** From here on each bundle (.cjs) that is required is loaded in this way. */
exports.useKeptCode = () => {
  Module._extensions['.cjs'] = loadBundle;
};

/** Keeps the code of each bundle that was loaded, with all functions that have run by now. */
exports.keepCode = () => {
  for (const { file, hash, script } of loaded) {
    writeFileSync(`${file}.code`, Buffer.concat([hash, script.createCachedData()]));
  }
};
