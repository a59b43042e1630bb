import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ArtifactsModule } from '../artifacts/index.js';
import { AuditRetention } from '../audit-record/index.js';
import { QueueModule } from '../queue/index.js';
import { Canaries } from './canaries.js';
import { CancelWatch } from './cancel-watch.js';
import { Caretaker } from './caretaker.js';
import { CircuitBreakers } from './circuits/circuit-breakers.js';
import { CircuitsModule } from './circuits/circuits.module.js';
import { CircuitsStore } from './circuits/circuits.store.js';
import { ClaimLoop } from './claim-loop.js';
import { Executions } from './executions.js';
import { HandlerCallsModule } from './handler-calls.module.js';
import { HandlersModule } from './handlers.module.js';
import { HeldAttempts } from './held-attempts.js';
import { IsolatedProcesses } from './isolation/isolated-processes.js';
import { Housekeeping } from './housekeeping.js';
import { JobRunner } from './job-runner.js';
import { Lookout } from './lookout.js';
import { LoopWatch } from './loop-watch.js';
import { Notices } from './notices.js';
import { Presence } from './presence.js';
import { Lease } from './lease.js';
import { LivenessModule } from './liveness.module.js';
import { SettleBuffer } from './settle-buffer.js';
import { WorkerClaims } from './worker-claims.js';
import { WorkerIdentity } from './worker-identity.js';
import { WorkerRuntime } from './worker-runtime.js';
import { WorkerRecord } from './worker.entity.js';

/** A worker: claims jobs, runs their handlers, stores the outcomes, and looks after the queue meanwhile. */
@Module({
  imports: [
    QueueModule,
    ArtifactsModule,
    HandlersModule,
    HandlerCallsModule,
    LivenessModule,
    CircuitsModule,
    TypeOrmModule.forFeature([WorkerRecord]),
  ],
  providers: [
    WorkerRuntime,
    Notices,
    Lookout,
    ClaimLoop,
    Canaries,
    WorkerClaims,
    CircuitBreakers,
    CircuitsStore,
    JobRunner,
    CancelWatch,
    Executions,
    IsolatedProcesses,
    SettleBuffer,
    Presence,
    HeldAttempts,
    Lease,
    Caretaker,
    Housekeeping,
    AuditRetention,
    LoopWatch,
    WorkerIdentity,
  ],
  exports: [Canaries, WorkerIdentity, JobRunner, ClaimLoop, Notices],
})
export class WorkerModule {}
