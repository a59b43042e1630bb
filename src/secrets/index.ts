export { KeyRing, UnknownKeyError } from './key-ring.js';
