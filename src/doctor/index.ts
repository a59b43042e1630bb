export { type NamedFinding, examine } from './doctor.js';
export { report } from './report.js';
