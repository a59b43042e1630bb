import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DatabaseClock, IdGenerator } from '../common/index.js';
import { Backoff } from './backoff/backoff.js';
import { ConstantBackoff } from './backoff/constant-backoff.js';
import { CustomBackoff } from './backoff/custom-backoff.js';
import { ExponentialBackoff } from './backoff/exponential-backoff.js';
import { FormulaBackoff } from './backoff/formula-backoff.js';
import { LinearBackoff } from './backoff/linear-backoff.js';
import { RANDOM } from './backoff/random.js';
import { Canary } from './claim/canary.js';
import { Claimer } from './claim/claimer.js';
import { ClockSync } from './line/clock-sync.js';
import { Engine } from './line/engine.js';
import { ExternalTypes } from './external-types/external-types.js';
import { ExternalTypesStore } from './external-types/external-types.store.js';
import { JobTypeCatalog } from './external-types/job-type-catalog.js';
import { Enqueuer } from './enqueue/enqueuer.js';
import { JobEvents } from './job-events.js';
import { JobTypes } from './job-types.js';
import { Job } from './job.entity.js';
import { Completions } from './settle/completions.js';
import { Successors } from './settle/successors.js';
import { Aftermath } from './settle/aftermath.js';
import { CallbackRules } from './enqueue/callback-rules.js';
import { DeadLetters } from './settle/dead-letters.js';
import { JobEnds } from './settle/job-ends.js';
import { WebhookEvents } from './settle/webhook-events.js';
import { JobCounts } from './counts/job-counts.js';
import { QueueWork } from './counts/queue-work.js';
import { JobResultsQuery } from './job-results.query.js';
import { Dependencies } from './blocking/dependencies.js';
import { JobControl } from './control/job-control.js';
import { JobInserter } from './enqueue/job-inserter.js';
import { JobIntake } from './enqueue/job-intake.js';
import { JobStore } from './enqueue/job-store.js';
import { TargetQueues } from './enqueue/target-queues.js';
import { Keys } from './keys/keys.js';
import { Line } from './line/line.js';
import { Capacity } from './limits/capacity.js';
import { LimitedClaims } from './limits/limited-claims.js';
import { LineClaims } from './limits/line-claims.js';
import { LimitSettings } from './limits/limit-settings.js';
import { LimitUsages } from './limits/limit-usages.js';
import { Locks } from './blocking/locks.js';
import { Placement } from './blocking/placement.js';
import { Retrier } from './control/retrier.js';
import { Admission } from './line/admission.js';
import { DependencyRepairs } from './mend/dependency-repairs.js';
import { LockRepairs } from './mend/lock-repairs.js';
import { Mender } from './mend/mender.js';
import { MendingReport } from './mend/mending-report.js';
import { StatusRepairs } from './mend/status-repairs.js';
import { TicketRepairs } from './mend/ticket-repairs.js';
import { Pauses } from './claim/pauses.js';
import { Promoter } from './line/promoter.js';
import { QuotaSettings } from './quotas/quota-settings.js';
import { Quotas } from './quotas/quotas.js';
import { Redactions } from './redaction/redactions.js';
import { QueueReadiness } from './line/queue-readiness.js';
import { QueueService } from './queue.service.js';
import { ForgetfulQueues } from './retention/forgetful-queues.js';
import { QueueSweeps } from './retention/queue-sweeps.js';
import { Retention } from './retention/retention.js';
import { Settler } from './settle/settler.js';
import { StalledJobs } from './settle/stalled-jobs.js';
import { Tickets } from './line/tickets.js';
import { WorkflowControl } from './workflows/workflow-control.js';
import { WorkflowEnds } from './workflows/workflow-ends.js';
import { WorkflowPlans } from './workflows/workflow-plans.js';
import { WorkflowRepairs } from './workflows/workflow-repairs.js';
import { WorkflowTally } from './workflows/workflow-tally.js';
import { Workflows } from './workflows/workflows.js';
import { WorkflowsQuery } from './workflows/workflows.query.js';

/** The queue: accepts jobs, hands them out, ends them. The only module that knows the engine. */
@Module({
  imports: [DiscoveryModule, TypeOrmModule.forFeature([Job])],
  providers: [
    QueueReadiness,
    ClockSync,
    QueueService,
    Enqueuer,
    JobIntake,
    JobInserter,
    JobStore,
    TargetQueues,
    CallbackRules,
    Quotas,
    QuotaSettings,
    Keys,
    Line,
    Locks,
    Dependencies,
    Placement,
    Successors,
    Aftermath,
    Completions,
    DeadLetters,
    JobEnds,
    WebhookEvents,
    JobControl,
    Retrier,
    Claimer,
    LimitedClaims,
    LineClaims,
    LimitSettings,
    LimitUsages,
    Capacity,
    Settler,
    StalledJobs,
    Promoter,
    Admission,
    Mender,
    MendingReport,
    StatusRepairs,
    TicketRepairs,
    LockRepairs,
    DependencyRepairs,
    Workflows,
    WorkflowPlans,
    WorkflowControl,
    WorkflowTally,
    WorkflowEnds,
    WorkflowRepairs,
    WorkflowsQuery,
    Retention,
    QueueSweeps,
    ForgetfulQueues,
    JobCounts,
    QueueWork,
    Canary,
    JobResultsQuery,
    Pauses,
    Tickets,
    Engine,
    JobTypes,
    ExternalTypes,
    ExternalTypesStore,
    JobTypeCatalog,
    Redactions,
    JobEvents,
    Backoff,
    ExponentialBackoff,
    ConstantBackoff,
    LinearBackoff,
    FormulaBackoff,
    CustomBackoff,
    { provide: RANDOM, useValue: Math.random },
    DatabaseClock,
    {
      provide: IdGenerator,
      inject: [DatabaseClock],
      useFactory: (clock: DatabaseClock) => new IdGenerator(clock),
    },
  ],
  exports: [
    Workflows,
    WorkflowControl,
    WorkflowsQuery,
    QueueReadiness,
    QueueService,
    StalledJobs,
    Promoter,
    Mender,
    Retention,
    QueueSweeps,
    ForgetfulQueues,
    JobCounts,
    QueueWork,
    Canary,
    JobResultsQuery,
    Keys,
    Pauses,
    LimitSettings,
    LimitUsages,
    Line,
    Engine,
    WebhookEvents,
    JobTypes,
    ExternalTypes,
    ExternalTypesStore,
    JobTypeCatalog,
    Redactions,
    JobEvents,
    Backoff,
    ExponentialBackoff,
    DatabaseClock,
    IdGenerator,
    TypeOrmModule,
  ],
})
export class QueueModule {}
