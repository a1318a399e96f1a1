#!/usr/bin/env node
// Starts the command line on any Node from 20: installs what is missing and, where Node cannot run TypeScript
// by itself (before 22.18), lets tsx translate it.
import { installIfNeeded } from '../scripts/install-if-needed.mjs';

installIfNeeded();
if (!process.features.typescript) (await import('tsx/esm/api')).register();
await import('./laketwin.ts');
