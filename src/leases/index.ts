export { LeaseDesk } from './lease-desk.js';
export { LeasesModule } from './leases.module.js';
