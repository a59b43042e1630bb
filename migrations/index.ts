import { CreateJobs1795305600000 } from './1795305600000-create-jobs.ts';
import { AddDeliverySemantics1795309200000 } from './1795309200000-add-delivery-semantics.ts';
import { AddQueueOperations1795312800000 } from './1795312800000-add-queue-operations.ts';
import { AddDeadLetters1795316400000 } from './1795316400000-add-dead-letters.ts';
import { AddLeases1795320000000 } from './1795320000000-add-leases.ts';
import { AddQuarantine1795323600000 } from './1795323600000-add-quarantine.ts';
import { AddMending1795327200000 } from './1795327200000-add-mending.ts';
import { WitnessRemovals1795330800000 } from './1795330800000-witness-removals.ts';
import { ForgetByIndex1795332600000 } from './1795332600000-forget-by-index.ts';
import { AddShortWays1795334400000 } from './1795334400000-add-short-ways.ts';
import { AddCounts1795338000000 } from './1795338000000-add-counts.ts';
import { AddQueueRetention1795341600000 } from './1795341600000-add-queue-retention.ts';
import { ReplaceListIndexes1795345200000 } from './1795345200000-replace-list-indexes.ts';
import { QuickenChecks1795348800000 } from './1795348800000-quicken-checks.ts';
import { AddArtifacts1795352400000 } from './1795352400000-add-artifacts.ts';
import { AddCircuits1795356000000 } from './1795356000000-add-circuits.ts';
import { AddSchedules1795359600000 } from './1795359600000-add-schedules.ts';
import { AddLimits1795363200000 } from './1795363200000-add-limits.ts';
import { AddWorkflows1795366800000 } from './1795366800000-add-workflows.ts';
import { AddWebhooks1795370400000 } from './1795370400000-add-webhooks.ts';
import { AddExternalWorkers1795374000000 } from './1795374000000-add-external-workers.ts';
import { LetSchedulesStartWorkflows1795377600000 } from './1795377600000-let-schedules-start-workflows.ts';
import { TellOfWorkflows1795381200000 } from './1795381200000-tell-of-workflows.ts';
import { MarkLostWorkers1795384800000 } from './1795384800000-mark-lost-workers.ts';
import { AddApiKeys1795388400000 } from './1795388400000-add-api-keys.ts';
import { TraceJobs1795392000000 } from './1795392000000-trace-jobs.ts';
import { AddAuditLog1795406400000 } from './1795406400000-add-audit-log.ts';
import { AddQuotas1795399200000 } from './1795399200000-add-quotas.ts';
import { AddObjectives1795413600000 } from './1795413600000-add-objectives.ts';
import { AddRedactions1795417200000 } from './1795417200000-add-redactions.ts';
import { AddOperatorViews1795420800000 } from './1795420800000-add-operator-views.ts';

/** Every migration, oldest first. */
export const migrations = [
  CreateJobs1795305600000,
  AddDeliverySemantics1795309200000,
  AddQueueOperations1795312800000,
  AddDeadLetters1795316400000,
  AddLeases1795320000000,
  AddQuarantine1795323600000,
  AddMending1795327200000,
  WitnessRemovals1795330800000,
  ForgetByIndex1795332600000,
  AddShortWays1795334400000,
  AddCounts1795338000000,
  AddQueueRetention1795341600000,
  ReplaceListIndexes1795345200000,
  QuickenChecks1795348800000,
  AddArtifacts1795352400000,
  AddCircuits1795356000000,
  AddSchedules1795359600000,
  AddLimits1795363200000,
  AddWorkflows1795366800000,
  AddWebhooks1795370400000,
  AddExternalWorkers1795374000000,
  LetSchedulesStartWorkflows1795377600000,
  TellOfWorkflows1795381200000,
  MarkLostWorkers1795384800000,
  AddApiKeys1795388400000,
  TraceJobs1795392000000,
  AddAuditLog1795406400000,
  AddQuotas1795399200000,
  AddObjectives1795413600000,
  AddRedactions1795417200000,
  AddOperatorViews1795420800000,
];
