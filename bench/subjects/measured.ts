import { register } from 'prom-client';

/** Three times as often as docker/prometheus has it. */
const EVERY_MS = 5_000;

setInterval(() => void register.metrics(), EVERY_MS).unref();
await import('./roundhouse.js');
