import './manifest.test.js';
import './sources.test.js';
import './language.test.js';
import './editing.test.js';
import './debugging.test.js';
import './examples.test.js';
import './machine-view.test.js';
