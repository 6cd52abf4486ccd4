#!/usr/bin/env node
// eslint-disable-next-line @typescript-eslint/no-require-imports -- CommonJS starts quicker than ES modules
require('../dist/cli/cli.cjs');
