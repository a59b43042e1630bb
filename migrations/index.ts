import { CreateJobs1795305600000 } from './1795305600000-create-jobs.ts';
import { AddDeliverySemantics1795309200000 } from './1795309200000-add-delivery-semantics.ts';

/** Every migration, oldest first. */
export const migrations = [CreateJobs1795305600000, AddDeliverySemantics1795309200000];
