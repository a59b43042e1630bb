import { register } from 'prom-client';

const EVERY_MS = 1_000;

setInterval(() => void register.metrics(), EVERY_MS).unref();
await import('./roundhouse.js');
