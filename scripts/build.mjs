// npm run build: images of kernel and library, then the bundles. Options go to esbuild.mjs.
import { build, installDependencies } from './bootstrap.mjs';

installDependencies();
build(...process.argv.slice(2));
