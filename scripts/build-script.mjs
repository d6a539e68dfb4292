// Bundles the client as the scripts that a server serves, from what the compiler emitted: the last step of the build.
import { bundleScripts } from './lib/script-bundle.mjs';

console.log((await bundleScripts()).join(', '));
