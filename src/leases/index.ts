export { LeasesModule } from './leases.module.js';
