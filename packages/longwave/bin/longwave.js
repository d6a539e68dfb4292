#!/usr/bin/env node
// A file of its own, not of the build: npm links it at install, when nothing is built yet.
import '../dist/cli/main.js';
