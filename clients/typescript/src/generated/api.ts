// Made from openapi.json by "npm run client:types": change nothing here.

export interface paths {
    "/jokes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the jokes, the newest first */
        get: operations["listJokes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/jokes/{joke_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a joke */
        get: operations["getJoke"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Check the database, the queue and the workers */
        get: operations["getHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Check that this process answers */
        get: operations["getLiveness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Check that this process can serve */
        get: operations["getReadiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read the metrics of this process */
        get: operations["getMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the API keys, the newest first */
        get: operations["listKeys"];
        put?: never;
        /**
         * Make an API key
         * @description The answer is the only one that holds the key itself.
         */
        post: operations["createKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/keys/{key_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read an API key */
        get: operations["getKey"];
        put?: never;
        post?: never;
        /**
         * Revoke an API key
         * @description No process accepts it 5 seconds later. It stays listed, for what it did carries its id.
         */
        delete: operations["revokeKey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/keys/{key_id}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Exchange an API key
         * @description For a while the old key is accepted too, so that its callers can change over.
         */
        post: operations["rotateKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/jobs/batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Submit many jobs, all or none */
        post: operations["createJobs"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List jobs, the newest first */
        get: operations["listJobs"];
        put?: never;
        /** Submit a job */
        post: operations["createJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/jobs/{job_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a job */
        get: operations["getJob"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change a job that waits */
        patch: operations["editJob"];
        trace?: never;
    };
    "/jobs/{job_id}/attempts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the executions of a job */
        get: operations["listAttempts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/jobs/{job_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Cancel a job: at once while it waits (200), through its worker while it runs (202) */
        post: operations["cancelJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/jobs/{job_id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Run a failed or cancelled job once more */
        post: operations["retryJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/jobs/{job_id}/run-now": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Start a job now that waits for its time or its retry */
        post: operations["runJobNow"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tasks/{type}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Submit a job by its type */
        post: operations["createTask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/job-types": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the job types */
        get: operations["listJobTypes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/job-types/{type}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a job type */
        get: operations["getJobType"];
        /**
         * Declare a job type whose jobs external workers run
         * @description Declaring it again changes it: all processes heed that within a second, and jobs that are there keep what they were submitted with. A type that a handler of this build or of a live worker answers to is refused.
         */
        put: operations["declareJobType"];
        post?: never;
        /**
         * Remove a declared job type
         * @description Refused while it has jobs that have not ended, or a schedule starts such; jobs that have ended stay.
         */
        delete: operations["removeJobType"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/jobs/{job_id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what happened to a job, or follow it live
         * @description With `Accept: text/event-stream` the answer is a stream of Server-Sent Events: first all that happened, or what is missing after `Last-Event-ID`, then what happens, within a tenth of a second. Each message is named after its event and has the event as its data; `log` has a line that the handler wrote, `progress` how far it has come. When the job has ended, `end` with its status is the last message and the connection closes; an EventSource that comes back then gets `204`, which tells it to stay away.
         */
        get: operations["listEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/jobs/{job_id}/logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the lines of a job's log */
        get: operations["listLogs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/jobs/{job_id}/artifacts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the files that a job produced */
        get: operations["listArtifacts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/jobs/{job_id}/artifacts/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Download a file that a job produced */
        get: operations["getArtifact"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/jobs/{job_id}/explain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Say why a job is not running */
        get: operations["explainJob"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/jobs/{job_id}/parents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read the results of the jobs that a job depends on */
        get: operations["listParents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/queues": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the queues */
        get: operations["listQueues"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/queues/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a queue
         * @description The header `ETag` names the version of its settings, for `If-Match` of an edit.
         */
        get: operations["getQueue"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change the settings of a queue */
        patch: operations["editQueue"];
        trace?: never;
    };
    "/queues/{name}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let no more jobs of a queue start
         * @description Once this is answered no job of the queue starts, on whatever worker; those that run go on.
         */
        post: operations["pauseQueue"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/queues/{name}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let the jobs of a paused queue start again */
        post: operations["resumeQueue"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/schedules/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Work out when a schedule would fire that is not there yet */
        post: operations["previewTiming"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/schedules/{name}/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Work out when a schedule fires next */
        get: operations["previewSchedule"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/schedules/{name}/run": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start the job or the workflow of a schedule now
         * @description Also while it is paused. Its times stay as they are.
         */
        post: operations["runSchedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/schedules/{name}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let a schedule fire no more
         * @description What it has started goes on. What would have come meanwhile is not missed, and not made up for.
         */
        post: operations["pauseSchedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/schedules/{name}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let a paused schedule fire again
         * @description From its first occurrence from now on.
         */
        post: operations["resumeSchedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/schedules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List schedules by name */
        get: operations["listSchedules"];
        put?: never;
        /**
         * Make a schedule
         * @description Each time it fires, one job or one workflow comes of it, however many workers run. It fires strictly after its creation.
         */
        post: operations["createSchedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/schedules/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a schedule and what came of its latest occurrences
         * @description The header `ETag` names its version, for `If-Match` of an edit.
         */
        get: operations["getSchedule"];
        put?: never;
        post?: never;
        /**
         * Delete a schedule
         * @description What it has started stays, also jobs that wait.
         */
        delete: operations["deleteSchedule"];
        options?: never;
        head?: never;
        /**
         * Change a schedule
         * @description When its times change, it fires at the new ones from now on, never for one that has passed.
         */
        patch: operations["editSchedule"];
        trace?: never;
    };
    "/workers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the workers, the newest first */
        get: operations["listWorkers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workers/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a worker */
        get: operations["getWorker"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workers/{id}/drain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let a worker finish its jobs and end
         * @description It claims no more from now on, finishes the jobs it runs and ends.
         */
        post: operations["drainWorker"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workflows": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List workflows and groups, the newest first */
        get: operations["listWorkflows"];
        put?: never;
        /** Submit jobs that wait for each other, all or none */
        post: operations["createWorkflow"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workflows/{workflow_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a workflow with its jobs and their dependencies */
        get: operations["getWorkflow"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workflows/{workflow_id}/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the jobs of a workflow or a group */
        get: operations["listWorkflowJobs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workflows/{workflow_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Cancel all jobs of a workflow: at once those that wait, through their worker those that run (202) */
        post: operations["cancelWorkflow"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workflows/{workflow_id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Run all jobs of a workflow once more that failed or were cancelled */
        post: operations["retryWorkflow"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/bulk-operations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List bulk operations, the newest first */
        get: operations["listBulkOperations"];
        put?: never;
        /** Cancel, retry, run or discard many jobs */
        post: operations["createBulkOperation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/bulk-operations/{operation_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a bulk operation */
        get: operations["getBulkOperation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/bulk-operations/{operation_id}/abort": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Stop a bulk operation within a second */
        post: operations["abortBulkOperation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/dead-letters/groups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List failed jobs by the cause of their failure */
        get: operations["listErrorGroups"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/dead-letters/groups/{fingerprint}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a group of failed jobs */
        get: operations["getErrorGroup"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/dead-letters/groups/{fingerprint}/resolve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say that the cause is gone: the next failure opens the group again */
        post: operations["resolveErrorGroup"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/dead-letters/groups/{fingerprint}/ignore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Leave a group out of the list, also in future */
        post: operations["ignoreErrorGroup"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/dead-letters/groups/{fingerprint}/reopen": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take a group back into the list */
        post: operations["reopenErrorGroup"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/dead-letters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List failed jobs, the latest failure first */
        get: operations["listDeadLetters"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/dead-letters/redrive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Run failed jobs again, as a bulk operation */
        post: operations["redriveDeadLetters"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/dead-letters/{job_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Delete a failed or cancelled job */
        delete: operations["discardDeadLetter"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the webhooks */
        get: operations["listWebhooks"];
        put?: never;
        /**
         * Tell an endpoint of the ends of jobs and workflows
         * @description It hears of every job, and of every workflow, that ends from now on and that it asks for. The answer holds the secret that its events are signed with, this once.
         */
        post: operations["createWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/{webhook_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a webhook
         * @description The header `ETag` names the version of its settings, for `If-Match` of an edit.
         */
        get: operations["getWebhook"];
        put?: never;
        post?: never;
        /**
         * Delete a webhook, and the log of its deliveries
         * @description Deliveries that are still to be made are cancelled.
         */
        delete: operations["deleteWebhook"];
        options?: never;
        head?: never;
        /** Change the settings of a webhook */
        patch: operations["editWebhook"];
        trace?: never;
    };
    "/webhooks/{webhook_id}/enable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Tell a webhook of what happens from now on
         * @description What happened while it was disabled is not made up for.
         */
        post: operations["enableWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/{webhook_id}/disable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Tell a webhook of nothing any more
         * @description Deliveries that are still to be made are cancelled.
         */
        post: operations["disableWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/{webhook_id}/rotate-secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give a webhook another secret
         * @description For a while both secrets sign, so that receivers can change over without losing an event.
         */
        post: operations["rotateWebhookSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/{webhook_id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a test event to a webhook
         * @description It is tried once, also when the webhook is disabled; GET /webhooks/{webhook_id}/deliveries says what came of it.
         */
        post: operations["testWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/{webhook_id}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what was, and is to be, delivered to a webhook
         * @description Deliveries that ended more than RETENTION_DAYS ago are forgotten.
         */
        get: operations["listDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/{webhook_id}/deliveries/{delivery_id}/resend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send an event to a webhook once more
         * @description A new delivery of the same bytes under the same `webhook-id`.
         */
        post: operations["resendDelivery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/jobs/{job_id}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the deliveries that tell of a job: to webhooks, and to its `callback_url` */
        get: operations["listJobDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workflows/{workflow_id}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the deliveries that tell of a workflow or a group: to webhooks, and to its `callback_url` */
        get: operations["listWorkflowDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/leases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take jobs to run them
         * @description Answers as soon as there is a job, at the latest after `wait` seconds. Whoever goes before the answer has taken nothing.
         */
        post: operations["leaseJobs"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/leases/{token}/heartbeat": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Keep a job, and say how far it has come
         * @description Every third of `lease_seconds`. Never beyond the timeout of the attempt.
         */
        post: operations["heartbeatLease"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/leases/{token}/complete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End an attempt: the work is done */
        post: operations["completeLease"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/leases/{token}/fail": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End an attempt: it has failed
         * @description The job runs again as its policy says, or is FAILED.
         */
        post: operations["failLease"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/leases/{token}/snooze": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End an attempt: another time is better
         * @description The job runs again after the delay; that costs none of its attempts.
         */
        post: operations["snoozeLease"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/leases/{token}/release": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give a job back
         * @description For a worker that stops: the job runs again elsewhere at once, and that costs none of its attempts.
         */
        post: operations["releaseLease"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Count jokes and recent jobs */
        get: operations["getStats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Count jobs by status and type, and show what failed and how long jobs take */
        get: operations["getAdminStats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List who did what, the newest first
         * @description Every change that somebody makes to jobs, queues, schedules and the like is recorded in the same transaction, and never changed. Submitting a job is not one: the job says itself who submitted it.
         */
        get: operations["listAuditRecords"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/scaling": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Reckon how many workers there should be
         * @description From how many jobs come and how long they hold a slot, and from what has to be worked off: made to be asked by an autoscaler every few seconds.
         */
        get: operations["getScaling"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        FaultResponse: {
            /**
             * @description Where: a JSON pointer into the body, or the name of a query parameter.
             * @example /priority
             */
            pointer: string;
            /**
             * @description What is wrong.
             * @example priority must not be greater than 10
             */
            detail: string;
            /**
             * @description The same as a stable code.
             * @example max
             */
            code: string;
        };
        ProblemResponse: {
            /**
             * Format: uri
             * @description Names the kind of problem.
             * @example urn:roundhouse:problem:validation_failed
             */
            type: string;
            /**
             * @description The kind of problem in words.
             * @example The request is not valid
             */
            title: string;
            /**
             * @description The HTTP status.
             * @example 422
             */
            status: number;
            /**
             * @description One sentence that says what to do.
             * @example priority must not be greater than 10
             */
            detail: string;
            /**
             * @description The address that was asked.
             * @example /jobs
             */
            instance: string;
            /**
             * @description The kind of problem as a stable code.
             * @example validation_failed
             */
            code: string;
            /**
             * @description Finds the request in the log.
             * @example 9f1c2f5e-3a63-4bb5-9f4e-58a1ee0a7c9d
             */
            request_id: string;
            /** @description Every fault of the request. */
            errors?: components["schemas"]["FaultResponse"][];
        };
        JokeResponse: {
            /**
             * @description The joke API's id.
             * @example bvzcyyeyqrqs0-ynlqqfma
             */
            joke_id: string;
            /**
             * @description The joke.
             * @example Chuck Norris can divide by zero.
             */
            value: string;
            /**
             * @description Null when it has none.
             * @example dev
             */
            category: string | null;
            /**
             * @description Its page.
             * @example https://api.chucknorris.io/jokes/bvzcyyeyqrqs0-ynlqqfma
             */
            url: string | null;
            /**
             * @description Its picture.
             * @example https://api.chucknorris.io/img/avatar/chuck-norris.png
             */
            icon_url: string | null;
            /**
             * Format: date-time
             * @description When it was first fetched.
             * @example 2026-02-01T14:30:00.000Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When it was last fetched.
             * @example 2026-02-01T14:30:00.000Z
             */
            updated_at: string;
        };
        JokeListResponse: {
            /** @description The newest first. */
            jokes: components["schemas"]["JokeResponse"][];
            /**
             * @description All there are, of the category if one was named.
             * @example 42
             */
            total: number;
            /**
             * @description How many were left out.
             * @example 0
             */
            skip: number;
            /**
             * @description Jokes a page.
             * @example 10
             */
            limit: number;
        };
        HealthResponse: {
            /**
             * @description The whole in one word.
             * @example ok
             * @enum {string}
             */
            status: "ok" | "degraded" | "error" | "shutting_down";
            /**
             * @description What is up, by name.
             * @example {
             *       "database": {
             *         "status": "up",
             *         "responseTime": 2
             *       },
             *       "queue": {
             *         "status": "up",
             *         "schema": 43,
             *         "responseTime": 2
             *       },
             *       "worker": {
             *         "status": "up",
             *         "alive": 1,
             *         "responseTime": 3
             *       }
             *     }
             */
            info: {
                [key: string]: unknown;
            };
            /**
             * @description What is down, by name.
             * @example {}
             */
            error: {
                [key: string]: unknown;
            };
            /**
             * @description Both.
             * @example {
             *       "database": {
             *         "status": "up",
             *         "responseTime": 2
             *       },
             *       "queue": {
             *         "status": "up",
             *         "schema": 43,
             *         "responseTime": 2
             *       },
             *       "worker": {
             *         "status": "up",
             *         "alive": 1,
             *         "responseTime": 3
             *       }
             *     }
             */
            details: {
                [key: string]: unknown;
            };
        };
        LivenessResponse: {
            /**
             * @description Always `ok`.
             * @example ok
             * @enum {string}
             */
            status: "ok";
        };
        KeyResponse: {
            /**
             * Format: uuid
             * @description UUIDv7. Jobs that the key submitted, and what it did to others, carry it as `key:` and this.
             * @example 01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55
             */
            key_id: string;
            /**
             * @description Whose it is, or what for.
             * @example shop
             */
            name: string;
            /**
             * @description What the key allows, everywhere or, with `@` and its name, in a single queue: `jobs:submit` (Submit jobs and workflows), `jobs:read` (Read jobs, workflows, queues, workers and schedules), `jobs:control` (Cancel, retry, edit, redrive and discard jobs), `queues:admin` (Pause and configure queues, drain workers, declare job types), `schedules:write` (Create, change and delete schedules), `webhooks:write` (Read, create, change and delete webhooks), `leases` (Run jobs as an external worker), `admin` (All of these, and the API keys).
             * @example [
             *       "jobs:submit@emails",
             *       "jobs:read"
             *     ]
             */
            scopes: string[];
            /**
             * @description Whether it is accepted.
             * @example active
             * @enum {string}
             */
            state: "active" | "expired" | "revoked";
            /**
             * Format: date-time
             * @description When it expires; null = never.
             * @example null
             */
            expires_at: string | null;
            /**
             * Format: date-time
             * @description When it was used last, give or take a minute.
             * @example 2026-02-01T14:30:00.000Z
             */
            last_used_at: string | null;
            /**
             * Format: date-time
             * @description When it was revoked.
             * @example null
             */
            revoked_at: string | null;
            /**
             * Format: date-time
             * @description Until when the key before the latest rotation is accepted too; null = it is not.
             * @example null
             */
            old_key_expires_at: string | null;
            /**
             * @description Who made it.
             * @example command line
             */
            created_by: string;
            /**
             * Format: date-time
             * @description When it was made.
             * @example 2026-02-01T14:30:00.000Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When it was rotated last.
             * @example null
             */
            rotated_at: string | null;
        };
        KeyListResponse: {
            /** @description The newest first. */
            keys: components["schemas"]["KeyResponse"][];
            /**
             * @description Pass it as `cursor` to read the next page; null on the last one.
             * @example null
             */
            next_cursor: string | null;
        };
        CreateKeyRequest: {
            /**
             * @description Whose it is, or what for.
             * @example shop
             */
            name: string;
            /**
             * @description What the key allows, everywhere or, with `@` and its name, in a single queue: `jobs:submit` (Submit jobs and workflows), `jobs:read` (Read jobs, workflows, queues, workers and schedules), `jobs:control` (Cancel, retry, edit, redrive and discard jobs), `queues:admin` (Pause and configure queues, drain workers, declare job types), `schedules:write` (Create, change and delete schedules), `webhooks:write` (Read, create, change and delete webhooks), `leases` (Run jobs as an external worker), `admin` (All of these, and the API keys).
             * @example [
             *       "jobs:submit@emails",
             *       "jobs:read"
             *     ]
             */
            scopes: string[];
            /**
             * Format: date-time
             * @description When it expires; left out = never.
             * @example 2030-01-31T00:00:00Z
             */
            expires_at?: string;
        };
        NewKeyResponse: {
            /**
             * Format: uuid
             * @description UUIDv7. Jobs that the key submitted, and what it did to others, carry it as `key:` and this.
             * @example 01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55
             */
            key_id: string;
            /**
             * @description Whose it is, or what for.
             * @example shop
             */
            name: string;
            /**
             * @description What the key allows, everywhere or, with `@` and its name, in a single queue: `jobs:submit` (Submit jobs and workflows), `jobs:read` (Read jobs, workflows, queues, workers and schedules), `jobs:control` (Cancel, retry, edit, redrive and discard jobs), `queues:admin` (Pause and configure queues, drain workers, declare job types), `schedules:write` (Create, change and delete schedules), `webhooks:write` (Read, create, change and delete webhooks), `leases` (Run jobs as an external worker), `admin` (All of these, and the API keys).
             * @example [
             *       "jobs:submit@emails",
             *       "jobs:read"
             *     ]
             */
            scopes: string[];
            /**
             * @description Whether it is accepted.
             * @example active
             * @enum {string}
             */
            state: "active" | "expired" | "revoked";
            /**
             * Format: date-time
             * @description When it expires; null = never.
             * @example null
             */
            expires_at: string | null;
            /**
             * Format: date-time
             * @description When it was used last, give or take a minute.
             * @example 2026-02-01T14:30:00.000Z
             */
            last_used_at: string | null;
            /**
             * Format: date-time
             * @description When it was revoked.
             * @example null
             */
            revoked_at: string | null;
            /**
             * Format: date-time
             * @description Until when the key before the latest rotation is accepted too; null = it is not.
             * @example null
             */
            old_key_expires_at: string | null;
            /**
             * @description Who made it.
             * @example command line
             */
            created_by: string;
            /**
             * Format: date-time
             * @description When it was made.
             * @example 2026-02-01T14:30:00.000Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When it was rotated last.
             * @example null
             */
            rotated_at: string | null;
            /**
             * @description The key, for `Authorization: Bearer`. Shown this once.
             * @example rh_03LTkVY3pQ9LrPNcVR0nF1_8mJ0wLq3VnX5cT7yRz2KdH4sPb6GfA9tUeQ1iWoEaYxS0Bv4Zk2
             */
            key: string;
        };
        RotateKeyRequest: {
            /**
             * @description Seconds for which the old key is accepted too, so that its callers can change over.
             * @default 86400
             * @example 86400
             */
            keep_old_for?: number;
        };
        BackoffRequest: {
            /**
             * @description Seconds before the first retry.
             * @example 2
             */
            base_delay?: number;
            /**
             * @description Seconds that no wait exceeds.
             * @example 300
             */
            max_delay?: number;
            /**
             * @description The fraction of a wait that may be added to it at random; 0 keeps the exact table.
             * @example 0.1
             */
            jitter?: number;
        };
        UniqueRequest: {
            /**
             * @description A key of your own. Default: one made of `by`.
             * @example report-2026-02
             */
            key?: string;
            /**
             * @description The fields in which two jobs must be equal to count as the same.
             * @default [
             *       "type",
             *       "payload"
             *     ]
             * @example [
             *       "type",
             *       "payload"
             *     ]
             */
            by?: ("type" | "queue" | "payload")[];
            /**
             * @description Until when the job keeps others away: its first start (`waiting`), its end (`unfinished`), or a number of seconds after its creation.
             * @default waiting
             * @example waiting
             */
            while?: ("waiting" | "unfinished") | {
                seconds: number;
            };
            /**
             * @description What becomes of the second job: the first one is the answer (`return`), the waiting first one takes over its payload, schedule and priority (`replace`), or it is refused (`reject`).
             * @default return
             * @example return
             * @enum {string}
             */
            on_conflict?: "return" | "replace" | "reject";
        };
        CreateJobRequest: components["schemas"]["CreateJobOfType"] | components["schemas"]["CreateOtherJob"];
        FinisherRequest: {
            /**
             * @description A registered type (GET /job-types).
             * @example echo
             */
            type: string;
            /**
             * @description What the handler gets; must fit the type's schema.
             * @example {
             *       "hello": "world"
             *     }
             */
            payload: {
                [key: string]: unknown;
            };
            /**
             * @description The queue to wait in. Default: the type's.
             * @example default
             */
            queue?: string;
            /**
             * @description 1 (first) to 10 (last).
             * @default 5
             * @example 5
             */
            priority?: number;
            /**
             * @description Labels to find the job by.
             * @example [
             *       "signup",
             *       "eu"
             *     ]
             */
            tags?: string[];
            /**
             * @description Executions in all, not retries; null = no limit. Default: as the type says.
             * @example 5
             */
            max_attempts?: number | null;
            /** @description How the waits between retries grow. Default: as the type says. */
            backoff?: components["schemas"]["BackoffRequest"];
            /**
             * @description Seconds an attempt may run. Default: as the type says.
             * @example 300
             */
            timeout?: number;
        };
        GroupRequest: {
            /**
             * @description A name to find the group by.
             * @example newsletter-2026-02
             */
            name?: string;
            /**
             * @description Labels of the group; the jobs have their own.
             * @example [
             *       "newsletter"
             *     ]
             */
            tags?: string[];
            /** @description A job that is enqueued when all of them have ended, whatever their outcomes. */
            on_finished?: components["schemas"]["FinisherRequest"];
            /**
             * Format: uri
             * @description Is told of the end of the group, as an endpoint of POST /webhooks is; signed with WEBHOOK_SIGNING_SECRET, without which it is refused.
             * @example https://hooks.example/newsletter
             */
            callback_url?: string;
        };
        CreateBatchRequest: {
            /**
             * @description 1 to 10000 jobs: all are accepted, or none.
             * @example [
             *       {
             *         "payload": {
             *           "hello": "world"
             *         }
             *       }
             *     ]
             */
            jobs: components["schemas"]["CreateJobRequest"][];
            /** @description Makes them belong together: a group is a workflow whose jobs do not wait for each other. */
            group?: components["schemas"]["GroupRequest"];
        };
        BatchedJobResponse: {
            /**
             * Format: uuid
             * @description The id of the job.
             * @example 01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55
             */
            job_id: string;
            /**
             * @description Where it is in its life.
             * @example PENDING
             * @enum {string}
             */
            status: "BLOCKED" | "PENDING" | "PROCESSING" | "COMPLETED" | "FAILED" | "CANCELLED";
            /**
             * @description False when another job answers for it, by its idempotency key or its unique key.
             * @example true
             */
            created: boolean;
        };
        BatchResponse: {
            /** @description In the order they were sent. */
            jobs: components["schemas"]["BatchedJobResponse"][];
            /**
             * Format: uuid
             * @description Of a group: where to read how far it has come (GET /workflows/{workflow_id}).
             * @example 01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55
             */
            workflow_id?: string;
        };
        ProgressResponse: {
            /**
             * @description From 0 to 100.
             * @example 40
             */
            percent: number;
            /**
             * @description What is being done.
             * @example Reading rows
             */
            message: string | null;
        };
        JobResponse: {
            /**
             * Format: uuid
             * @description UUIDv7.
             * @example 01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55
             */
            job_id: string;
            /**
             * @description What kind of job it is.
             * @example echo
             */
            type: string;
            /**
             * @description The queue it waits in.
             * @example default
             */
            queue_name: string;
            /**
             * @description Where it is in its life.
             * @example COMPLETED
             * @enum {string}
             */
            status: "BLOCKED" | "PENDING" | "PROCESSING" | "COMPLETED" | "FAILED" | "CANCELLED";
            /**
             * @description 1 (first) to 10 (last).
             * @example 5
             */
            priority: number;
            /**
             * @description What the handler gets; `[Redacted]` where its type does not show it.
             * @example {
             *       "hello": "world"
             *     }
             */
            payload: {
                [key: string]: unknown;
            };
            /**
             * @description What the handler returned; null until completed.
             * @example {
             *       "hello": "world"
             *     }
             */
            result: {
                [key: string]: unknown;
            } | unknown[] | string | number | boolean | null;
            /**
             * @description The last failure's message; null once completed.
             * @example null
             */
            error_message: string | null;
            /**
             * @description Executions started.
             * @example 1
             */
            attempts: number;
            /**
             * @description The limit of executions; null = none.
             * @example 3
             */
            max_attempts: number | null;
            /**
             * @description The key it was submitted with.
             * @example null
             */
            idempotency_key: string | null;
            /**
             * @description Jobs of one lock run one after the other.
             * @example null
             */
            lock: string | null;
            /**
             * @description Whose share of the limits of its queue it takes.
             * @example null
             */
            limit_key: string | null;
            /**
             * @description What makes it unique.
             * @example null
             */
            unique_key: string | null;
            /**
             * @description Labels to find it by.
             * @example [
             *       "signup"
             *     ]
             */
            tags: string[];
            /**
             * Format: uuid
             * @description The workflow it belongs to.
             * @example null
             */
            workflow_id: string | null;
            /**
             * @description Jobs it waits for.
             * @example []
             */
            depends_on: string[];
            /**
             * @description How far it has come.
             * @example null
             */
            progress: components["schemas"]["ProgressResponse"] | null;
            /**
             * Format: uuid
             * @description The latest attempt's worker.
             * @example null
             */
            worker_id: string | null;
            /**
             * Format: date-time
             * @description When it was accepted.
             * @example 2026-02-01T14:30:00.000Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @description The latest event's time.
             * @example 2026-02-01T14:30:00.000Z
             */
            updated_at: string;
            /**
             * Format: date-time
             * @description The earliest time of the next start.
             * @example 2026-02-01T14:30:00.000Z
             */
            scheduled_at: string;
            /**
             * Format: date-time
             * @description The latest attempt's start.
             * @example 2026-02-01T14:30:00.000Z
             */
            started_at: string | null;
            /**
             * Format: date-time
             * @description When it ended for good.
             * @example 2026-02-01T14:30:00.000Z
             */
            finished_at: string | null;
        };
        JobListResponse: {
            /** @description The newest first. */
            jobs: components["schemas"]["JobResponse"][];
            /**
             * @description Pass it as `cursor` to read the next page; null on the last one.
             * @example null
             */
            next_cursor: string | null;
            /**
             * @description True when two seconds were not enough to fill the page, as it may be with `tag`, `q` and more than one filter: there may be more, from `next_cursor` on.
             * @example false
             */
            incomplete: boolean;
        };
        AttemptErrorResponse: {
            /**
             * @description The error's class.
             * @example Error
             */
            name: string;
            /**
             * @description What it says.
             * @example SMTP connection timeout
             */
            message: string;
            /** @description Where it was thrown. */
            stack?: string;
            /**
             * @description What programs know it by.
             * @example ECONNREFUSED
             */
            code?: string;
            /** @description The error behind it, and so on up to three. */
            cause?: components["schemas"]["AttemptErrorResponse"];
        };
        AttemptResponse: {
            /**
             * @description From 1 on.
             * @example 1
             */
            number: number;
            /**
             * Format: uuid
             * @description The worker that ran it.
             * @example null
             */
            worker_id: string | null;
            /**
             * Format: date-time
             * @description When it started.
             * @example 2026-02-01T14:30:00.000Z
             */
            started_at: string;
            /**
             * Format: date-time
             * @description When it ended; null while it runs.
             * @example 2026-02-01T14:30:00.000Z
             */
            ended_at: string | null;
            /**
             * @description How it ended; null while it runs.
             * @example completed
             * @enum {string|null}
             */
            outcome: "completed" | "failed" | "timed_out" | "interrupted" | "released" | "snoozed" | "cancelled" | "edited" | null;
            /**
             * @description What was thrown.
             * @example null
             */
            error: components["schemas"]["AttemptErrorResponse"] | null;
        };
        AttemptListResponse: {
            /** @description Every execution, the first one first. */
            attempts: components["schemas"]["AttemptResponse"][];
        };
        EditJobRequest: {
            /**
             * @description 1 (first) to 10 (last).
             * @example 1
             */
            priority?: number;
            /**
             * Format: date-time
             * @description The earliest start, without a zone in UTC; a time that has passed means now.
             * @example 2030-01-31T15:00:00Z
             */
            scheduled_at?: string;
            /**
             * @description What the handler gets, the whole of it; must fit the type's schema.
             * @example {
             *       "hello": "world"
             *     }
             */
            payload?: {
                [key: string]: unknown;
            };
            /**
             * @description The queue to wait in; created at its first use.
             * @example default
             */
            queue?: string;
        };
        TaskQueuedResponse: {
            /**
             * Format: uuid
             * @description The id of the job.
             * @example 01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55
             */
            job_id: string;
            /**
             * @description Always `queued`.
             * @example queued
             * @enum {string}
             */
            status: "queued";
            /**
             * @description The same in words.
             * @example Job 01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55 queued successfully.
             */
            message: string;
        };
        CircuitResponse: {
            /**
             * @description `open`: none starts; `half_open`: one is tried.
             * @example closed
             * @enum {string}
             */
            state: "closed" | "open" | "half_open";
            /**
             * @description Failures in a row by now.
             * @example 0
             */
            failures_in_a_row: number;
            /**
             * Format: date-time
             * @description No job starts before; null = it is closed.
             * @example 2026-02-01T14:30:00.000Z
             */
            until: string | null;
            /**
             * @description Failures in a row that open it.
             * @example 5
             */
            failures: number;
            /**
             * @description Seconds for which it opens; twice as many each time that a probe fails, ten times at most.
             * @example 30
             */
            cool_down: number;
            /**
             * @description Classes of errors that count; null = every error.
             * @example [
             *       "TimeoutError"
             *     ]
             */
            count_on: string[] | null;
        };
        JobTypeResponse: {
            /**
             * @description Its name.
             * @example echo
             */
            type: string;
            /**
             * @description Other names it is submitted under.
             * @example [
             *       "hello_world"
             *     ]
             */
            aliases: string[];
            /**
             * @description Whether only Roundhouse itself makes jobs of it: what is submitted is refused.
             * @example false
             */
            internal: boolean;
            /**
             * @description The queue its jobs wait in.
             * @example default
             */
            queue_name: string;
            /**
             * @description Whether external workers run its jobs (`POST /leases`), and no handler of this build.
             * @example false
             */
            external: boolean;
            /**
             * @description What it does.
             * @example Answers with its own payload.
             */
            description: string;
            /**
             * @description Executions in all; null = no limit.
             * @example 3
             */
            max_attempts: number | null;
            /**
             * @description How the waits between retries grow.
             * @example {
             *       "strategy": "exponential",
             *       "base_delay": 1,
             *       "max_delay": 300,
             *       "jitter": 0.1
             *     }
             */
            backoff: {
                [key: string]: unknown;
            };
            /**
             * @description Classes of errors after which it runs again; null = after every error.
             * @example [
             *       "TimeoutError"
             *     ]
             */
            retry_on: string[] | null;
            /**
             * @description Classes of errors after which it is FAILED at once.
             * @example [
             *       "TypeError"
             *     ]
             */
            fail_on: string[];
            /**
             * @description The uniqueness of a job that asks for none of its own; null = none.
             * @example {
             *       "by": [
             *         "type"
             *       ],
             *       "while": "waiting",
             *       "on_conflict": "return"
             *     }
             */
            unique: {
                [key: string]: unknown;
            } | null;
            /**
             * @description Seconds an attempt may run.
             * @example 300
             */
            timeout: number;
            /**
             * @description Holds its jobs back while they keep failing; null = it has none.
             * @example null
             */
            circuit: components["schemas"]["CircuitResponse"] | null;
            /**
             * @description JSON pointers to what is `[Redacted]` wherever its payloads and results are shown.
             * @example [
             *       "/card/number"
             *     ]
             */
            redact: string[];
            /**
             * @description The JSON Schema of its payload.
             * @example {
             *       "type": "object"
             *     }
             */
            payload_schema: {
                [key: string]: unknown;
            };
            /**
             * @description A payload that works.
             * @example {
             *       "hello": "world"
             *     }
             */
            example: {
                [key: string]: unknown;
            };
            /**
             * @description All payloads that are given as examples.
             * @example [
             *       {
             *         "hello": "world"
             *       }
             *     ]
             */
            examples: {
                [key: string]: unknown;
            }[];
        };
        JobTypeListResponse: {
            /** @description By name. */
            job_types: components["schemas"]["JobTypeResponse"][];
        };
        DeclareJobTypeRequest: {
            /**
             * @description What it does.
             * @example Makes an image as wide as it is wanted.
             */
            description: string;
            /**
             * @description The JSON Schema (2020-12) of its payloads. `$ref` may point to `#/$defs/…` of the same schema. Default: any object.
             * @example {
             *       "type": "object",
             *       "properties": {
             *         "url": {
             *           "type": "string",
             *           "format": "uri"
             *         },
             *         "width": {
             *           "type": "integer",
             *           "minimum": 1
             *         }
             *       },
             *       "required": [
             *         "url",
             *         "width"
             *       ],
             *       "additionalProperties": false
             *     }
             */
            payload_schema?: {
                [key: string]: unknown;
            };
            /**
             * @description The queue its jobs wait in, unless they name another one.
             * @default default
             * @example images
             */
            queue?: string;
            /**
             * @description Executions in all, not retries; null = no limit.
             * @default 3
             * @example 3
             */
            max_attempts?: number | null;
            /** @description How the waits between retries grow. */
            backoff?: components["schemas"]["BackoffRequest"];
            /**
             * @description Seconds an attempt may run. Default: JOB_TIMEOUT.
             * @example 300
             */
            timeout?: number;
            /**
             * @description What is not shown of its payloads and results, as JSON pointers; `*` is every member or element. Leases have all of it.
             * @example [
             *       "/card/number",
             *       "/customers/*\/iban"
             *     ]
             */
            redact?: string[];
            /**
             * @description A payload that works, for whoever reads about the type.
             * @example {
             *       "url": "https://example.org/a.png",
             *       "width": 640
             *     }
             */
            example?: {
                [key: string]: unknown;
            };
        };
        EventResponse: {
            /**
             * @description Grows from event to event of a job; 0 is the submission.
             * @example 17
             */
            id: number;
            /**
             * @description What happened: submitted, started, completed, failed, timed_out, interrupted, released, snoozed, cancel_requested, cancelled, retried, revived, run_now, updated, replaced, blocked, unblocked, edited (by hand in the database), or mended (what such a hand had left behind). There may be more one day.
             * @example completed
             */
            event: string;
            /**
             * @description Executions started by then.
             * @example 1
             */
            attempt: number;
            /**
             * Format: date-time
             * @description When.
             * @example 2026-02-01T14:30:00.000Z
             */
            at: string;
            /**
             * Format: uuid
             * @description The latest attempt's worker.
             * @example null
             */
            worker_id: string | null;
            /**
             * @description What was thrown.
             * @example null
             */
            error: components["schemas"]["AttemptErrorResponse"] | null;
            /**
             * @description Who asked for it; null when it came of itself.
             * @example null
             */
            actor: string | null;
        };
        EventListResponse: {
            /** @description The first one first. */
            events: components["schemas"]["EventResponse"][];
            /**
             * @description Pass it as `after` to go on; null when this is all so far.
             * @example null
             */
            next_after: number | null;
        };
        LogLineResponse: {
            /**
             * @description Grows from line to line.
             * @example 1
             */
            id: number;
            /**
             * @description The attempt that wrote it.
             * @example 1
             */
            attempt: number;
            /**
             * Format: date-time
             * @description When it was written.
             * @example 2026-02-01T14:30:00.000Z
             */
            at: string;
            /**
             * @description How much it matters.
             * @example info
             * @enum {string}
             */
            level: "debug" | "info" | "warn" | "error";
            /**
             * @description What it says.
             * @example Reading rows
             */
            message: string;
        };
        LogListResponse: {
            /** @description In the order they were written. */
            logs: components["schemas"]["LogLineResponse"][];
            /**
             * @description Pass it as `after` to go on; null when there is no more so far.
             * @example 200
             */
            next_after: number | null;
        };
        ArtifactResponse: {
            /**
             * @description Of its job's own.
             * @example report.pdf
             */
            name: string;
            /**
             * @description Its media type.
             * @example application/pdf
             */
            content_type: string;
            /**
             * @description Its size.
             * @example 48211
             */
            bytes: number;
            /**
             * @description Of its content, in hexadecimal; as a strong `ETag` too.
             * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
             */
            sha256: string;
            /**
             * Format: date-time
             * @description When it was stored, or last replaced.
             * @example 2026-02-01T14:30:00.000Z
             */
            created_at: string;
            /**
             * @description Where it is downloaded.
             * @example /jobs/01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55/artifacts/report.pdf
             */
            url: string;
        };
        ArtifactListResponse: {
            /** @description By name. */
            artifacts: components["schemas"]["ArtifactResponse"][];
        };
        NamedJob: {
            /**
             * Format: uuid
             * @description Its id.
             * @example 01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55
             */
            job_id: string;
            /**
             * @description Where it is in its life.
             * @example PROCESSING
             * @enum {string}
             */
            status: "BLOCKED" | "PENDING" | "PROCESSING" | "COMPLETED" | "FAILED" | "CANCELLED";
            /**
             * @description Its name in its workflow.
             * @example process
             */
            ref?: string;
            /**
             * @description Present when the job that waits for it goes on after its failure.
             * @example continue
             * @enum {string}
             */
            on_failure?: "continue";
        };
        ReasonResponse: {
            /**
             * @description The reason as a stable code.
             * @example in_line
             * @enum {string}
             */
            code: "finished" | "running" | "cancel_requested" | "waits_for_jobs" | "waits_for_lock" | "scheduled" | "waits_for_retry" | "queue_paused" | "no_worker_for_queue" | "no_worker_for_type" | "circuit_open" | "limit" | "runs_alone" | "in_line" | "joins_line";
            /**
             * @description The reason in a plain sentence that says what to do.
             * @example 3 jobs of queue "default" are ahead of it.
             */
            detail: string;
            /**
             * Format: date-time
             * @description Since when it holds.
             * @example 2026-02-01T14:30:00.000Z
             */
            since?: string | null;
            /**
             * Format: date-time
             * @description Until when it holds; null = open-ended.
             * @example 2026-02-01T14:30:00.000Z
             */
            until?: string | null;
            /** @description The attempt meant. */
            attempt?: number;
            /**
             * @description How that attempt failed.
             * @example null
             */
            error?: string | null;
            /**
             * Format: uuid
             * @description The worker that runs it.
             * @example 01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55
             */
            worker_id?: string | null;
            /**
             * @description Who did it.
             * @example null
             */
            by?: string | null;
            /**
             * @description Why, as given by whoever did it.
             * @example null
             */
            reason?: string | null;
            /** @description The lock it waits for. */
            lock?: string;
            /** @description The jobs it may have to wait for, the first twenty. */
            jobs?: components["schemas"]["NamedJob"][];
            /** @description How many jobs it waits for in all. */
            open?: number;
            /** @description Jobs ahead of it. */
            ahead?: number;
            /** @description Whether there may be more ahead than counted. */
            at_least?: boolean;
            /** @description Jobs that run under the limit. */
            running?: number;
            /** @description The key whose limit it is. */
            limit_key?: string;
            /** @description Live workers that serve its queue. */
            workers?: number;
            /** @description Jobs that those can run at once. */
            slots?: number;
        };
        ExplanationResponse: {
            /**
             * Format: uuid
             * @description The job.
             * @example 01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55
             */
            job_id: string;
            /**
             * @description Where it is in its life.
             * @example PENDING
             * @enum {string}
             */
            status: "BLOCKED" | "PENDING" | "PROCESSING" | "COMPLETED" | "FAILED" | "CANCELLED";
            /** @description All that keeps it from running, what has to go first, first. */
            reasons: components["schemas"]["ReasonResponse"][];
        };
        ParentResponse: {
            /**
             * Format: uuid
             * @description Its id.
             * @example 01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55
             */
            job_id: string;
            /**
             * @description Its name in its workflow.
             * @example process
             */
            ref: string | null;
            /**
             * @description What kind of job it is.
             * @example echo
             */
            type: string;
            /**
             * @description Where it is in its life.
             * @example COMPLETED
             * @enum {string}
             */
            status: "BLOCKED" | "PENDING" | "PROCESSING" | "COMPLETED" | "FAILED" | "CANCELLED";
            /**
             * @description What its failure means for the other one.
             * @example cancel
             * @enum {string}
             */
            on_failure: "cancel" | "continue";
            /**
             * @description What its handler returned; null until completed.
             * @example {
             *       "rows": 12
             *     }
             */
            result: {
                [key: string]: unknown;
            } | unknown[] | string | number | boolean | null;
            /**
             * @description The last failure's message; null once completed.
             * @example null
             */
            error_message: string | null;
        };
        ParentListResponse: {
            /** @description The oldest first, without those that were deleted since. */
            parents: components["schemas"]["ParentResponse"][];
            /**
             * @description Pass it as `cursor` to read the next page; null on the last one.
             * @example null
             */
            next_cursor: string | null;
        };
        PauseResponse: {
            /**
             * Format: date-time
             * @description When it was paused.
             * @example 2026-02-01T14:30:00.000Z
             */
            since: string;
            /**
             * @description Who paused it.
             * @example anonymous
             */
            by: string;
            /**
             * @description Why.
             * @example The mail provider is down
             */
            reason: string | null;
            /**
             * Format: date-time
             * @description When it ends by itself; null = when somebody resumes the queue.
             * @example 2026-02-01T14:30:00.000Z
             */
            until: string | null;
        };
        KeyLimitResponse: {
            /**
             * @description Starts per unit of time; null = any number.
             * @example 100/minute
             */
            rate: string | null;
            /**
             * @description Starts that may come together.
             * @example 1
             */
            burst: number;
            /**
             * @description Jobs that may run at once; null = any number.
             * @example 5
             */
            concurrency: number | null;
        };
        LimitsResponse: {
            /**
             * @description Starts per unit of time; null = any number.
             * @example 100/minute
             */
            rate: string | null;
            /**
             * @description Starts that may come together.
             * @example 1
             */
            burst: number;
            /**
             * @description Jobs that may run at once; null = any number.
             * @example 5
             */
            concurrency: number | null;
            /**
             * @description The same for each `limit_key`; null = none.
             * @example null
             */
            per_key: components["schemas"]["KeyLimitResponse"] | null;
        };
        LimitUsageResponse: {
            /**
             * @description Jobs of it that run.
             * @example 2
             */
            running: number;
            /**
             * Format: date-time
             * @description When its rate lets the next job start; null = at once.
             * @example 2026-02-01T14:30:00.000Z
             */
            next_start_at: string | null;
            /**
             * @description Keys that have more jobs in line than their limit lets start.
             * @example 0
             */
            keys_held_back: number;
        };
        ObjectiveResponse: {
            /**
             * @description Seconds within which a job is to start for the first time.
             * @example 10
             */
            start_within: number;
            /**
             * @description The fraction that is to.
             * @example 0.95
             */
            target: number;
            /**
             * @description Whether it is DEFAULT_OBJECTIVE, because the queue has none of its own.
             * @example false
             */
            is_default: boolean;
        };
        AttainmentResponse: {
            /**
             * @description Jobs that started for the first time, and those that wait and are late already.
             * @example 1200
             */
            jobs: number;
            /**
             * @description Those of them that were, or are, late.
             * @example 12
             */
            late: number;
            /**
             * @description The fraction that was not; null when there were no jobs.
             * @example 0.99
             */
            attained: number | null;
            /**
             * @description The fraction that was late over the fraction that may be: above 1 the objective is missed.
             * @example 0.2
             */
            burn_rate: number;
        };
        ObjectiveStatusResponse: {
            /**
             * @description Jobs that wait and are late already.
             * @example 0
             */
            late_now: number;
            /**
             * @description What is left of the jobs that may be late in three days: 1 = all, 0 = none, below 0 = more were.
             * @example 0.8
             */
            budget_left: number;
            /** @description Up to now, to the minute. */
            last_5_minutes: components["schemas"]["AttainmentResponse"];
            /** @description The same. */
            last_30_minutes: components["schemas"]["AttainmentResponse"];
            /** @description The same. */
            last_hour: components["schemas"]["AttainmentResponse"];
            /** @description The same. */
            last_6_hours: components["schemas"]["AttainmentResponse"];
            /** @description The same. */
            last_3_days: components["schemas"]["AttainmentResponse"];
        };
        OldestWaitingResponse: {
            /**
             * Format: uuid
             * @description Its id.
             * @example 01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55
             */
            job_id: string;
            /**
             * @description Seconds since it could have started.
             * @example 1.5
             */
            age_seconds: number;
        };
        RatesResponse: {
            /**
             * @description Accepted, per minute.
             * @example 60
             */
            submitted: number;
            /**
             * @description Completed, per minute.
             * @example 58
             */
            completed: number;
            /**
             * @description Failed for good, per minute.
             * @example 0
             */
            failed: number;
        };
        QueueRatesResponse: {
            /** @description Over the last minute. */
            last_minute: components["schemas"]["RatesResponse"];
            /** @description The mean of the last five minutes. */
            last_5_minutes: components["schemas"]["RatesResponse"];
        };
        QueueResponse: {
            /**
             * @description Its name.
             * @example default
             */
            name: string;
            /**
             * @description Null unless it is paused.
             * @example null
             */
            paused: components["schemas"]["PauseResponse"] | null;
            /**
             * @description The queue that hears of jobs which failed for good.
             * @example dead
             */
            dead_letter_queue: string | null;
            /**
             * @description `none`: jobs that have ended leave at once, but for those that have failed.
             * @example null
             * @enum {string|null}
             */
            retention: "none" | null;
            /**
             * @description How often and how many at a time its jobs start; null = as workers can.
             * @example null
             */
            limits: components["schemas"]["LimitsResponse"] | null;
            /**
             * @description What is used of its limits now; null = it has none.
             * @example null
             */
            limit_usage: components["schemas"]["LimitUsageResponse"] | null;
            /**
             * @description Jobs that may wait in it before submissions are answered 429; null = as QUEUE_MAX_WAITING says.
             * @example 100000
             */
            max_waiting: number | null;
            /**
             * @description How soon how many of its jobs are to start; null = nobody said.
             * @example null
             */
            objective: components["schemas"]["ObjectiveResponse"] | null;
            /**
             * @description How it keeps its objective; null = it has none.
             * @example null
             */
            objective_status: components["schemas"]["ObjectiveStatusResponse"] | null;
            /**
             * @description Its jobs by status; every status is there. Exact as of now.
             * @example {
             *       "BLOCKED": 0,
             *       "PENDING": 3,
             *       "PROCESSING": 2,
             *       "COMPLETED": 120,
             *       "FAILED": 1,
             *       "CANCELLED": 0
             *     }
             */
            depth: {
                [key: string]: number;
            };
            /**
             * @description Of the jobs that may start now, the one that has waited longest. As of now; when so many wait that looking takes longer than 0.1 s, a look serves for twenty times as long as it took.
             * @example null
             */
            oldest_waiting: components["schemas"]["OldestWaitingResponse"] | null;
            /** @description Jobs per minute, also of jobs that are deleted by now. A span ends and begins to ten seconds. */
            rates: components["schemas"]["QueueRatesResponse"];
            /**
             * @description Seconds until the jobs that run or may start now have ended, at the rate at which jobs ended in the last minute, or the last five when none did, if no new ones come. Null while paused or when none ended: nobody knows.
             * @example 5
             */
            seconds_to_drain: number | null;
            /**
             * @description Workers that claim from it.
             * @example 1
             */
            live_workers: number;
        };
        QueueListResponse: {
            /** @description By name. */
            queues: components["schemas"]["QueueResponse"][];
        };
        KeyLimitRequest: {
            /**
             * @description Starts per unit of time, `100/minute`: a number from 1 to 1000000 and one of second, minute, hour, day. In no such time, whenever it begins, more jobs start than that. Null = any number.
             * @default null
             * @example 100/minute
             */
            rate?: string | null;
            /**
             * @description Starts that may come together after a rest; the more, the fewer in the long run, because they count as well.
             * @default 1
             * @example 1
             */
            burst?: number;
            /**
             * @description Jobs that may run at once; null = any number.
             * @default null
             * @example 5
             */
            concurrency?: number | null;
        };
        LimitsRequest: {
            /**
             * @description Starts per unit of time, `100/minute`: a number from 1 to 1000000 and one of second, minute, hour, day. In no such time, whenever it begins, more jobs start than that. Null = any number.
             * @default null
             * @example 100/minute
             */
            rate?: string | null;
            /**
             * @description Starts that may come together after a rest; the more, the fewer in the long run, because they count as well.
             * @default 1
             * @example 1
             */
            burst?: number;
            /**
             * @description Jobs that may run at once; null = any number.
             * @default null
             * @example 5
             */
            concurrency?: number | null;
            /**
             * @description The same for each `limit_key` on its own; jobs without one are not held by it. Null = none.
             * @example null
             */
            per_key?: components["schemas"]["KeyLimitRequest"] | null;
        };
        ObjectiveRequest: {
            /**
             * @description Seconds within which a job is to start for the first time: from the later of its creation and its schedule, of its release by locks and dependencies, and of the end of a pause.
             * @example 10
             */
            start_within: number;
            /**
             * @description The fraction of the jobs that are to start so soon.
             * @example 0.95
             */
            target: number;
        };
        EditQueueRequest: {
            /**
             * @description The queue, another one, in which a job of type `dead_letter` is enqueued for each job that fails for good; created when it does not exist. Null = none.
             * @example dead
             */
            dead_letter_queue?: string | null;
            /**
             * @description `none`: jobs that have completed or were cancelled leave at once and are only counted; keys, dependencies and waiting are refused. Null = they stay as long as DELETE_JOBS and RETENTION_DAYS say.
             * @example none
             * @enum {string|null}
             */
            retention?: "none" | null;
            /**
             * @description How often and how many at a time its jobs start, across all workers; the next claim heeds it. Replaces all limits it had; null = none.
             * @example null
             */
            limits?: components["schemas"]["LimitsRequest"] | null;
            /**
             * @description Jobs that may wait in it (PENDING and BLOCKED): submissions beyond that are answered 429. What follows from jobs that were accepted (retries, dead letters, jobs of schedules and of handlers) is never refused. Null = as QUEUE_MAX_WAITING says.
             * @example 100000
             */
            max_waiting?: number | null;
            /**
             * @description How soon how many of its jobs are to start; what starts from now on is held against it. Null = DEFAULT_OBJECTIVE, if there is one.
             * @example null
             */
            objective?: components["schemas"]["ObjectiveRequest"] | null;
        };
        PauseQueueRequest: {
            /**
             * @description For whoever wonders.
             * @example The mail provider is down
             */
            reason?: string;
            /**
             * Format: date-time
             * @description When it ends by itself, without a zone in UTC. Default: when somebody resumes the queue.
             * @example 2030-01-31T15:00:00Z
             */
            until?: string;
        };
        PreviewTimingRequest: {
            /**
             * @description 5 fields, `minute hour day month weekday`, or 6 with the second first. A day that fits either of day and weekday is taken when both are given.
             * @example 30 9 * * MON-FRI
             */
            cron?: string;
            /** @description A recurrence rule by RFC 5545, such as `FREQ=MONTHLY;BYDAY=-1FR;BYHOUR=17;BYMINUTE=0;BYSECOND=0`, after a line with DTSTART if need be. Without DTSTART it begins with the next full second. */
            rrule?: string;
            /**
             * @description The IANA time zone whose clocks count. Default: that of DTSTART, else UTC.
             * @default UTC
             * @example Europe/Berlin
             */
            timezone?: string;
            /**
             * @description Occurrences.
             * @default 10
             * @example 5
             */
            count?: number;
        };
        OccurrenceResponse: {
            /**
             * Format: date-time
             * @description In UTC.
             * @example 2026-02-02T08:30:00.000Z
             */
            utc: string;
            /**
             * Format: date-time
             * @description The same by the clocks of its time zone.
             * @example 2026-02-02T09:30:00+01:00
             */
            local: string;
        };
        PreviewResponse: {
            /**
             * @description The time zone whose clocks count.
             * @example Europe/Berlin
             */
            timezone: string;
            /** @description From now on, in their order; fewer than asked for when the rule ends. */
            occurrences: components["schemas"]["OccurrenceResponse"][];
        };
        PauseScheduleRequest: {
            /**
             * @description For whoever wonders.
             * @example Nobody reads the report in August
             */
            reason?: string;
        };
        SchedulePauseResponse: {
            /**
             * Format: date-time
             * @description When it was paused.
             * @example 2026-02-02T08:30:00.000Z
             */
            since: string;
            /**
             * @description By whom.
             * @example anonymous
             */
            by: string;
            /**
             * @description Why.
             * @example Nobody reads the report in August
             */
            reason: string | null;
        };
        ScheduleErrorResponse: {
            /**
             * @description In words.
             * @example There is no job type "reprot".
             */
            message: string;
            /**
             * Format: date-time
             * @description When.
             * @example 2026-02-02T08:30:00.000Z
             */
            at: string;
        };
        ScheduleResponse: {
            /**
             * @description Its name.
             * @example weekday-report
             */
            name: string;
            /**
             * @description It fires (`active`), somebody paused it, or nothing is left of its rule (`ended`).
             * @example active
             * @enum {string}
             */
            state: "active" | "paused" | "ended";
            /**
             * @description Its cron expression; null when it has a rule.
             * @example 30 9 * * MON-FRI
             */
            cron: string | null;
            /**
             * @description Its recurrence rule; null when it has a cron expression.
             * @example null
             */
            rrule: string | null;
            /**
             * @description Where the rule begins, in local time; null when it has a cron expression.
             * @example null
             */
            dtstart: string | null;
            /**
             * @description The time zone whose clocks count.
             * @example Europe/Berlin
             */
            timezone: string;
            /**
             * @description What becomes of missed occurrences.
             * @example skip
             * @enum {string}
             */
            missed: "skip" | "once";
            /**
             * @description The job that is enqueued for each occurrence, as it was sent; null when that is a workflow.
             * @example {
             *       "type": "echo",
             *       "payload": {
             *         "hello": "world"
             *       }
             *     }
             */
            job: {
                [key: string]: unknown;
            } | null;
            /**
             * @description The workflow that is started for each occurrence, as it was sent; null when that is a job.
             * @example null
             */
            workflow: {
                [key: string]: unknown;
            } | null;
            /**
             * @description Null unless it is paused.
             * @example null
             */
            paused: components["schemas"]["SchedulePauseResponse"] | null;
            /**
             * Format: date-time
             * @description Its next occurrence; null when it is paused or has ended.
             * @example 2026-02-02T08:30:00.000Z
             */
            next_run_at: string | null;
            /**
             * Format: date-time
             * @description The latest occurrence that was fired.
             * @example 2026-02-02T08:30:00.000Z
             */
            last_run_at: string | null;
            /**
             * Format: uuid
             * @description The job of the latest occurrence that anything came of; null when that was a workflow.
             * @example 01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55
             */
            last_job_id: string | null;
            /**
             * Format: uuid
             * @description The workflow of the latest occurrence that anything came of; null when that was a job.
             * @example 01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55
             */
            last_workflow_id: string | null;
            /**
             * @description What went wrong at the latest occurrence; null when nothing did.
             * @example null
             */
            last_error: components["schemas"]["ScheduleErrorResponse"] | null;
            /**
             * Format: date-time
             * @description When it was made.
             * @example 2026-02-02T08:30:00.000Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When somebody changed, paused or resumed it last.
             * @example 2026-02-02T08:30:00.000Z
             */
            updated_at: string;
        };
        ScheduleListResponse: {
            /** @description By name. */
            schedules: components["schemas"]["ScheduleResponse"][];
            /**
             * @description Pass it as `cursor` to read the next page; null on the last one.
             * @example null
             */
            next_cursor: string | null;
        };
        JobTemplateRequest: {
            /**
             * @description A registered type (GET /job-types). Default: what `payload.task` names, else `echo`.
             * @example echo
             */
            type?: string;
            /**
             * @description What the handler gets; must fit the type's schema.
             * @example {
             *       "hello": "world"
             *     }
             */
            payload: {
                [key: string]: unknown;
            };
            /**
             * @description The queue to wait in; created at its first use. Default: the type's.
             * @example default
             */
            queue?: string;
            /**
             * @description 1 (first) to 10 (last).
             * @default 5
             * @example 5
             */
            priority?: number;
            /**
             * @description Labels to find the job by.
             * @example [
             *       "signup",
             *       "eu"
             *     ]
             */
            tags?: string[];
            /**
             * @description Executions in all, not retries; null = no limit. Default: as the type says.
             * @example 5
             */
            max_attempts?: number | null;
            /**
             * @description Retries in other words: a number of them, true = for ever, or a strategy whose wait before execution k is wait + linear_wait·(k−1) + exponential_wait^(k−1).
             * @example 4
             */
            retry?: number | true | {
                [key: string]: number;
            };
            /** @description How the waits between retries grow. Default: as the type says. */
            backoff?: components["schemas"]["BackoffRequest"];
            /**
             * @description Seconds an attempt may run. Default: as the type says.
             * @example 300
             */
            timeout?: number;
            /**
             * @description Jobs of the same lock run one after the other, in the order of their creation, in whatever queues.
             * @example customer-42
             */
            lock?: string;
            /**
             * @description Whose share of the limits it takes, if its queue has limits per key: a customer, a host. Jobs of other keys pass by.
             * @example customer-42
             */
            limit_key?: string;
            /**
             * @description Keeps a second job away while there is one; null = none, also where the type has one.
             * @example null
             */
            unique?: components["schemas"]["UniqueRequest"] | null;
            /**
             * Format: uri
             * @description Is told of the end of the job, as an endpoint of POST /webhooks is; signed with WEBHOOK_SIGNING_SECRET, without which it is refused.
             * @example https://hooks.example/job-7
             */
            callback_url?: string;
        };
        CreateWorkflowRequest: {
            /**
             * @description A name to find the workflow by.
             * @example monthly-report
             */
            name?: string;
            /**
             * @description Labels of the workflow; the jobs have their own.
             * @example [
             *       "reports"
             *     ]
             */
            tags?: string[];
            /**
             * @description 1 to 1000 jobs in any order: all are accepted, or none.
             * @example [
             *       {
             *         "ref": "first",
             *         "payload": {
             *           "hello": "world"
             *         }
             *       },
             *       {
             *         "ref": "second",
             *         "depends_on": [
             *           "first"
             *         ],
             *         "payload": {
             *           "after": {
             *             "$job": "first"
             *           }
             *         }
             *       }
             *     ]
             */
            jobs: components["schemas"]["WorkflowJobRequest"][];
            /** @description A job that is enqueued when all of them have ended, whatever their outcomes. */
            on_finished?: components["schemas"]["FinisherRequest"];
            /**
             * Format: uri
             * @description Is told of the end of the workflow, as an endpoint of POST /webhooks is; signed with WEBHOOK_SIGNING_SECRET, without which it is refused.
             * @example https://hooks.example/reports
             */
            callback_url?: string;
        };
        CreateScheduleRequest: {
            /**
             * @description What to call it; what it starts has the tag `schedule:` and this name.
             * @example weekday-report
             */
            name: string;
            /**
             * @description 5 fields, `minute hour day month weekday`, or 6 with the second first. A day that fits either of day and weekday is taken when both are given.
             * @example 30 9 * * MON-FRI
             */
            cron?: string;
            /** @description A recurrence rule by RFC 5545, such as `FREQ=MONTHLY;BYDAY=-1FR;BYHOUR=17;BYMINUTE=0;BYSECOND=0`, after a line with DTSTART if need be. Without DTSTART it begins with the next full second. */
            rrule?: string;
            /**
             * @description The IANA time zone whose clocks count. Default: that of DTSTART, else UTC.
             * @default UTC
             * @example Europe/Berlin
             */
            timezone?: string;
            /**
             * @description What becomes of occurrences that came while nothing ran to fire them, more than 60 s ago: nothing (`skip`), or one run for the latest of them (`once`).
             * @default skip
             * @example once
             * @enum {string}
             */
            missed?: "skip" | "once";
            /**
             * @description The job that is enqueued for each occurrence. Either this or `workflow`.
             * @example {
             *       "type": "echo",
             *       "payload": {
             *         "hello": "world"
             *       },
             *       "tags": [
             *         "reports"
             *       ]
             *     }
             */
            job?: components["schemas"]["JobTemplateRequest"];
            /** @description The workflow that is started for each occurrence, as POST /workflows takes it. Either this or `job`. */
            workflow?: components["schemas"]["CreateWorkflowRequest"];
        };
        ScheduleRunResponse: {
            /**
             * Format: date-time
             * @description The time it is of.
             * @example 2026-02-02T08:30:00.000Z
             */
            occurrence: string;
            /**
             * Format: uuid
             * @description Its job, or the one that answers for it by its unique key; null when there is none.
             * @example 01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55
             */
            job_id: string | null;
            /**
             * Format: uuid
             * @description Its workflow; null when there is none.
             * @example 01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55
             */
            workflow_id: string | null;
            /**
             * @description Why neither came of it.
             * @example null
             */
            error: string | null;
            /**
             * @description Whether it was missed and made up for.
             * @example false
             */
            made_up: boolean;
            /**
             * Format: date-time
             * @description When it was fired.
             * @example 2026-02-02T08:30:00.000Z
             */
            fired_at: string;
        };
        ScheduleWithRunsResponse: {
            /**
             * @description Its name.
             * @example weekday-report
             */
            name: string;
            /**
             * @description It fires (`active`), somebody paused it, or nothing is left of its rule (`ended`).
             * @example active
             * @enum {string}
             */
            state: "active" | "paused" | "ended";
            /**
             * @description Its cron expression; null when it has a rule.
             * @example 30 9 * * MON-FRI
             */
            cron: string | null;
            /**
             * @description Its recurrence rule; null when it has a cron expression.
             * @example null
             */
            rrule: string | null;
            /**
             * @description Where the rule begins, in local time; null when it has a cron expression.
             * @example null
             */
            dtstart: string | null;
            /**
             * @description The time zone whose clocks count.
             * @example Europe/Berlin
             */
            timezone: string;
            /**
             * @description What becomes of missed occurrences.
             * @example skip
             * @enum {string}
             */
            missed: "skip" | "once";
            /**
             * @description The job that is enqueued for each occurrence, as it was sent; null when that is a workflow.
             * @example {
             *       "type": "echo",
             *       "payload": {
             *         "hello": "world"
             *       }
             *     }
             */
            job: {
                [key: string]: unknown;
            } | null;
            /**
             * @description The workflow that is started for each occurrence, as it was sent; null when that is a job.
             * @example null
             */
            workflow: {
                [key: string]: unknown;
            } | null;
            /**
             * @description Null unless it is paused.
             * @example null
             */
            paused: components["schemas"]["SchedulePauseResponse"] | null;
            /**
             * Format: date-time
             * @description Its next occurrence; null when it is paused or has ended.
             * @example 2026-02-02T08:30:00.000Z
             */
            next_run_at: string | null;
            /**
             * Format: date-time
             * @description The latest occurrence that was fired.
             * @example 2026-02-02T08:30:00.000Z
             */
            last_run_at: string | null;
            /**
             * Format: uuid
             * @description The job of the latest occurrence that anything came of; null when that was a workflow.
             * @example 01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55
             */
            last_job_id: string | null;
            /**
             * Format: uuid
             * @description The workflow of the latest occurrence that anything came of; null when that was a job.
             * @example 01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55
             */
            last_workflow_id: string | null;
            /**
             * @description What went wrong at the latest occurrence; null when nothing did.
             * @example null
             */
            last_error: components["schemas"]["ScheduleErrorResponse"] | null;
            /**
             * Format: date-time
             * @description When it was made.
             * @example 2026-02-02T08:30:00.000Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When somebody changed, paused or resumed it last.
             * @example 2026-02-02T08:30:00.000Z
             */
            updated_at: string;
            /** @description The latest ten occurrences, newest first. All that it has started, also by `run`: GET /jobs?tag=schedule:{name} and GET /workflows?tag=schedule:{name}. */
            runs: components["schemas"]["ScheduleRunResponse"][];
        };
        EditScheduleRequest: {
            /**
             * @description Another cron expression; it also takes the place of a rule.
             * @example 30 9 * * MON-FRI
             */
            cron?: string;
            /** @description Another recurrence rule; it also takes the place of a cron expression. */
            rrule?: string;
            /**
             * @description Another time zone: the same times by its clocks.
             * @example Europe/Berlin
             */
            timezone?: string;
            /**
             * @description What becomes of occurrences that were missed from now on.
             * @example skip
             * @enum {string}
             */
            missed?: "skip" | "once";
            /**
             * @description Another job, instead of all of the present job or workflow.
             * @example {
             *       "type": "echo",
             *       "payload": {
             *         "hello": "world"
             *       },
             *       "tags": [
             *         "reports"
             *       ]
             *     }
             */
            job?: components["schemas"]["JobTemplateRequest"];
            /** @description Another workflow, instead of all of the present job or workflow. */
            workflow?: components["schemas"]["CreateWorkflowRequest"];
        };
        WorkerResponse: {
            /**
             * Format: uuid
             * @description A new one at every start.
             * @example 5b0c1b1e-9b2f-4c0e-8f0c-2b6f3c1d9a55
             */
            id: string;
            /**
             * @description Whether it takes its jobs over HTTP (`POST /leases`), in whatever language.
             * @example false
             */
            is_external: boolean;
            /**
             * @description The machine it runs on; of an external one its `worker_id`.
             * @example worker-1
             */
            hostname: string;
            /**
             * @description Its process on that machine; null when it is external.
             * @example 4711
             */
            pid: number | null;
            /**
             * @description The build it runs; of an external one its User-Agent.
             * @example 1.0.0
             */
            version: string;
            /**
             * @description The queues it serves; `*` = every other.
             * @example [
             *       "*"
             *     ]
             */
            queues: string[];
            /**
             * @description Jobs it can run, or last asked for, at a time.
             * @example 10
             */
            slots: number;
            /**
             * @description Jobs it ran when it was last seen.
             * @example 1
             */
            busy: number;
            /**
             * @description Handlers that ignored their signal and may still be at work, when it was last seen.
             * @example 0
             */
            stuck: number;
            /**
             * @description The job types it can run.
             * @example [
             *       "echo"
             *     ]
             */
            types: string[];
            /**
             * @description `running`; `draining`: it was asked to finish its jobs and end; `stopped`: it ended in good order; `lost`: its jobs were taken back because it is gone, or it has not been seen for STALLED_WORKER_TIMEOUT.
             * @example running
             * @enum {string}
             */
            state: "running" | "draining" | "stopped" | "lost";
            /**
             * @description Whether it lives and has free slots, and has not been able to take jobs for CANARY_TIMEOUT; its log says why. Never true of an external one.
             * @example false
             */
            takes_nothing: boolean;
            /**
             * Format: date-time
             * @description When it started.
             * @example 2026-02-01T14:30:00.000Z
             */
            started_at: string;
            /**
             * Format: date-time
             * @description Its last sign of life.
             * @example 2026-02-01T14:30:00.000Z
             */
            last_seen_at: string;
            /**
             * @description The jobs it runs now, at most as many as it has slots.
             * @example [
             *       "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55"
             *     ]
             */
            job_ids: string[];
        };
        WorkerListResponse: {
            /** @description The newest first. Who was not seen for a day is forgotten. */
            workers: components["schemas"]["WorkerResponse"][];
            /**
             * @description Pass it as `cursor` to read the next page; null on the last one.
             * @example null
             */
            next_cursor: string | null;
        };
        WorkflowJobRequest: {
            /**
             * @description A registered type (GET /job-types). Default: what `payload.task` names, else `echo`.
             * @example echo
             */
            type?: string;
            /**
             * @description What the handler gets; must fit the type's schema.
             * @example {
             *       "hello": "world"
             *     }
             */
            payload: {
                [key: string]: unknown;
            };
            /**
             * @description The queue to wait in; created at its first use. Default: the type's.
             * @example default
             */
            queue?: string;
            /**
             * @description 1 (first) to 10 (last).
             * @default 5
             * @example 5
             */
            priority?: number;
            /**
             * @description Labels to find the job by.
             * @example [
             *       "signup",
             *       "eu"
             *     ]
             */
            tags?: string[];
            /**
             * Format: date-time
             * @description The earliest start, without a zone in UTC; a time that has passed means now.
             * @example 2030-01-31T15:00:00Z
             */
            scheduled_at?: string;
            /**
             * Format: date-time
             * @description Another name for `scheduled_at`.
             * @example 2030-01-31T15:00:00Z
             */
            schedule_at?: string;
            /**
             * @description The wait before the earliest start: seconds, or amounts of calendar units.
             * @example {
             *       "minutes": 5
             *     }
             */
            schedule_in?: number | {
                [key: string]: number;
            };
            /**
             * @description Executions in all, not retries; null = no limit. Default: as the type says.
             * @example 5
             */
            max_attempts?: number | null;
            /**
             * @description Retries in other words: a number of them, true = for ever, or a strategy whose wait before execution k is wait + linear_wait·(k−1) + exponential_wait^(k−1).
             * @example 4
             */
            retry?: number | true | {
                [key: string]: number;
            };
            /** @description How the waits between retries grow. Default: as the type says. */
            backoff?: components["schemas"]["BackoffRequest"];
            /**
             * @description Seconds an attempt may run. Default: as the type says.
             * @example 300
             */
            timeout?: number;
            /**
             * @description Jobs of the same lock run one after the other, in the order of their creation, in whatever queues.
             * @example customer-42
             */
            lock?: string;
            /**
             * @description Whose share of the limits it takes, if its queue has limits per key: a customer, a host. Jobs of other keys pass by.
             * @example customer-42
             */
            limit_key?: string;
            /**
             * @description Keeps a second job away while there is one; null = none, also where the type has one.
             * @example null
             */
            unique?: components["schemas"]["UniqueRequest"] | null;
            /**
             * Format: uri
             * @description Is told of the end of the job, as an endpoint of POST /webhooks is; signed with WEBHOOK_SIGNING_SECRET, without which it is refused.
             * @example https://hooks.example/job-7
             */
            callback_url?: string;
            /**
             * @description Its name in the workflow: a letter or digit, then up to 99 of letters, digits, ".", "_" and "-"; not the form of an id.
             * @example process
             */
            ref: string;
            /**
             * @description Jobs of the workflow that must end first, by `ref` or as `{"ref", "on_failure"}`. If one of them fails or is cancelled, so is this one (`cancel`, the default), or it goes on all the same (`continue`).
             * @example []
             */
            depends_on?: (string | {
                ref: string;
                /**
                 * @default cancel
                 * @enum {string}
                 */
                on_failure?: "cancel" | "continue";
            })[];
        };
        StartedJobResponse: {
            /**
             * @description Its name in the workflow.
             * @example process
             */
            ref: string;
            /**
             * Format: uuid
             * @description The id of the job.
             * @example 01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55
             */
            job_id: string;
            /**
             * @description Where it is in its life.
             * @example PENDING
             * @enum {string}
             */
            status: "BLOCKED" | "PENDING" | "PROCESSING" | "COMPLETED" | "FAILED" | "CANCELLED";
        };
        StartedWorkflowResponse: {
            /**
             * Format: uuid
             * @description UUIDv7.
             * @example 01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55
             */
            workflow_id: string;
            /** @description Its jobs, each after those that it waits for. */
            jobs: components["schemas"]["StartedJobResponse"][];
        };
        FollowingJobResponse: {
            /**
             * @description Its type.
             * @example echo
             */
            type: string;
            /**
             * Format: uuid
             * @description The latest of them; null until the workflow has ended.
             * @example 01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55
             */
            job_id: string | null;
        };
        WorkflowResponse: {
            /**
             * Format: uuid
             * @description UUIDv7.
             * @example 01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55
             */
            workflow_id: string;
            /**
             * @description Its name.
             * @example monthly-report
             */
            name: string | null;
            /**
             * @description A group has no dependencies among its jobs (POST /jobs/batch).
             * @example workflow
             * @enum {string}
             */
            kind: "workflow" | "group";
            /**
             * @description Its labels.
             * @example [
             *       "reports"
             *     ]
             */
            tags: string[];
            /**
             * @description RUNNING until all jobs have ended. Then FAILED if one failed, else CANCELLED if one was cancelled, else COMPLETED.
             * @example RUNNING
             * @enum {string}
             */
            status: "RUNNING" | "COMPLETED" | "FAILED" | "CANCELLED";
            /**
             * @description How many jobs it has.
             * @example 3
             */
            jobs: number;
            /**
             * @description Its jobs by status; those that were deleted since their end included.
             * @example {
             *       "BLOCKED": 1,
             *       "PENDING": 0,
             *       "PROCESSING": 1,
             *       "COMPLETED": 1,
             *       "FAILED": 0,
             *       "CANCELLED": 0
             *     }
             */
            counts: {
                [key: string]: number;
            };
            /**
             * @description Percent of its jobs that have ended.
             * @example 33
             */
            progress: number;
            /**
             * @description What follows its end.
             * @example null
             */
            on_finished: components["schemas"]["FollowingJobResponse"] | null;
            /**
             * Format: date-time
             * @description When it was accepted.
             * @example 2026-02-01T14:30:00.000Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When its last job ended.
             * @example 2026-02-01T14:30:00.000Z
             */
            finished_at: string | null;
        };
        WorkflowListResponse: {
            /** @description The newest first. */
            workflows: components["schemas"]["WorkflowResponse"][];
            /**
             * @description Pass it as `cursor` to read the next page; null on the last one.
             * @example null
             */
            next_cursor: string | null;
        };
        NodeResponse: {
            /**
             * @description Its name in the workflow; of a group its place in the request.
             * @example process
             */
            ref: string;
            /**
             * Format: uuid
             * @description The id of the job.
             * @example 01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55
             */
            job_id: string;
            /**
             * @description What kind of job it is.
             * @example echo
             */
            type: string;
            /**
             * @description Where it is in its life.
             * @example COMPLETED
             * @enum {string}
             */
            status: "BLOCKED" | "PENDING" | "PROCESSING" | "COMPLETED" | "FAILED" | "CANCELLED";
            /**
             * Format: date-time
             * @description The latest attempt's start.
             * @example 2026-02-01T14:30:00.000Z
             */
            started_at: string | null;
            /**
             * Format: date-time
             * @description When it ended for good.
             * @example 2026-02-01T14:30:00.000Z
             */
            finished_at: string | null;
        };
        EdgeResponse: {
            /**
             * @description The job that goes first.
             * @example process
             */
            from: string;
            /**
             * @description The job that waits for it.
             * @example report
             */
            to: string;
            /**
             * @description What becomes of it when the first one fails or is cancelled.
             * @example cancel
             * @enum {string}
             */
            on_failure: "cancel" | "continue";
        };
        GraphResponse: {
            /** @description Each after those that it waits for; without those that were deleted. */
            nodes: components["schemas"]["NodeResponse"][];
            /** @description Who waits for whom. */
            edges: components["schemas"]["EdgeResponse"][];
        };
        WorkflowDetailsResponse: {
            /**
             * Format: uuid
             * @description UUIDv7.
             * @example 01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55
             */
            workflow_id: string;
            /**
             * @description Its name.
             * @example monthly-report
             */
            name: string | null;
            /**
             * @description A group has no dependencies among its jobs (POST /jobs/batch).
             * @example workflow
             * @enum {string}
             */
            kind: "workflow" | "group";
            /**
             * @description Its labels.
             * @example [
             *       "reports"
             *     ]
             */
            tags: string[];
            /**
             * @description RUNNING until all jobs have ended. Then FAILED if one failed, else CANCELLED if one was cancelled, else COMPLETED.
             * @example RUNNING
             * @enum {string}
             */
            status: "RUNNING" | "COMPLETED" | "FAILED" | "CANCELLED";
            /**
             * @description How many jobs it has.
             * @example 3
             */
            jobs: number;
            /**
             * @description Its jobs by status; those that were deleted since their end included.
             * @example {
             *       "BLOCKED": 1,
             *       "PENDING": 0,
             *       "PROCESSING": 1,
             *       "COMPLETED": 1,
             *       "FAILED": 0,
             *       "CANCELLED": 0
             *     }
             */
            counts: {
                [key: string]: number;
            };
            /**
             * @description Percent of its jobs that have ended.
             * @example 33
             */
            progress: number;
            /**
             * @description What follows its end.
             * @example null
             */
            on_finished: components["schemas"]["FollowingJobResponse"] | null;
            /**
             * Format: date-time
             * @description When it was accepted.
             * @example 2026-02-01T14:30:00.000Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When its last job ended.
             * @example 2026-02-01T14:30:00.000Z
             */
            finished_at: string | null;
            /**
             * @description Its jobs and their dependencies; null for a group, whose jobs GET /workflows/{workflow_id}/jobs lists.
             * @example null
             */
            graph: components["schemas"]["GraphResponse"] | null;
        };
        NodeListResponse: {
            /** @description In the order in which they can start. */
            jobs: components["schemas"]["NodeResponse"][];
            /**
             * @description Pass it as `cursor` to read the next page; null on the last one.
             * @example null
             */
            next_cursor: string | null;
        };
        RefusedJobResponse: {
            /**
             * Format: uuid
             * @description The id of the job.
             * @example 01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55
             */
            job_id: string;
            /**
             * @description Why, as a stable code.
             * @example job_already_exists
             */
            code: string;
            /**
             * @description Why, and what to do.
             * @example Another job with the same unique key waits: cancel that one first
             */
            detail: string;
        };
        InterventionResponse: {
            /**
             * Format: uuid
             * @description The workflow.
             * @example 01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55
             */
            workflow_id: string;
            /**
             * @description How it stands now.
             * @example RUNNING
             * @enum {string}
             */
            status: "RUNNING" | "COMPLETED" | "FAILED" | "CANCELLED";
            /**
             * @description Jobs for which it was done.
             * @example 3
             */
            done: number;
            /**
             * @description Running jobs that were told to end.
             * @example 1
             */
            requested: number;
            /**
             * @description Jobs for which it could not be done.
             * @example 0
             */
            refused: number;
            /** @description Why not; the first twenty. */
            refusals: components["schemas"]["RefusedJobResponse"][];
        };
        JobFilterRequest: {
            /**
             * @description Only jobs of this type.
             * @example echo
             */
            type?: string;
            /**
             * @description Only jobs of this queue.
             * @example default
             */
            queue?: string;
            /**
             * @description Only jobs with this tag.
             * @example signup
             */
            tag?: string;
            /**
             * @description Only jobs that failed alike: the `fingerprint` of a dead letter.
             * @example 9f86d081884c7d65
             */
            fingerprint?: string;
            /**
             * Format: date-time
             * @description Only jobs that failed at this time or later.
             * @example 2026-02-01T00:00:00Z
             */
            failed_after?: string;
            /**
             * Format: date-time
             * @description Only jobs that failed before this time.
             * @example 2030-02-01T00:00:00Z
             */
            failed_before?: string;
            /**
             * @description Only these jobs.
             * @example [
             *       "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55"
             *     ]
             */
            job_ids?: string[];
            /**
             * @description Only jobs of this status, or of one of these; in any case, other systems’ words work too.
             * @example [
             *       "PENDING"
             *     ]
             */
            status?: string | string[];
            /**
             * @description Only jobs of this lock.
             * @example customer-42
             */
            lock?: string;
            /**
             * Format: date-time
             * @description Only jobs accepted at this time or later.
             * @example 2026-02-01T00:00:00Z
             */
            created_after?: string;
            /**
             * Format: date-time
             * @description Only jobs accepted before this time.
             * @example 2030-02-01T00:00:00Z
             */
            created_before?: string;
        };
        CreateBulkOperationRequest: {
            /**
             * @description Only count the jobs and show some of them; nothing is changed.
             * @default false
             */
            dry_run?: boolean;
            /**
             * @description No more jobs than these, the oldest ones. Default: all that match.
             * @example 1000
             */
            limit?: number;
            /**
             * @description In no second more jobs than these. Default: as fast as possible.
             * @example 50
             */
            per_second?: number;
            /**
             * @description cancel: waiting and running jobs. retry: failed or cancelled ones. run_now: those that wait for their time. discard: deletes finished ones.
             * @example retry
             * @enum {string}
             */
            action: "cancel" | "retry" | "run_now" | "discard";
            /** @description Which jobs: those that fit every field given. Without a status, those the action is usually for. */
            filter?: components["schemas"]["JobFilterRequest"];
            /**
             * @description Without any filter, all jobs are meant only when this says so.
             * @default false
             */
            all?: boolean;
        };
        DryRunResponse: {
            /**
             * @description What is done to the jobs.
             * @example retry
             * @enum {string}
             */
            action: "cancel" | "retry" | "run_now" | "discard";
            /**
             * @description Which jobs, with the statuses that are meant.
             * @example {
             *       "status": [
             *         "FAILED"
             *       ],
             *       "queue": "emails"
             *     }
             */
            filter: {
                [key: string]: unknown;
            };
            /**
             * @description No more jobs than these; null = all that match.
             * @example null
             */
            limit: number | null;
            /**
             * @description In no second more jobs than these; null = as fast as possible.
             * @example null
             */
            per_second: number | null;
            /**
             * @description False: `matched` is only the least it can be.
             * @example true
             */
            matched_is_exact: boolean;
            /**
             * @description Some of these jobs, the oldest ones.
             * @example [
             *       "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55"
             *     ]
             */
            sample: string[];
            /**
             * @description Jobs that match.
             * @example 41208
             */
            matched: number;
            /**
             * @description Jobs that would be changed: no more than `limit`.
             * @example 1000
             */
            would_change: number;
        };
        BulkErrorResponse: {
            /**
             * @description The reason as a stable code.
             * @example job_state_conflict
             */
            code: string;
            /**
             * @description What it says of the first of them.
             * @example The job is PROCESSING
             */
            detail: string;
            /**
             * @description How many jobs.
             * @example 2
             */
            count: number;
        };
        BulkOperationResponse: {
            /**
             * @description What is done to the jobs.
             * @example retry
             * @enum {string}
             */
            action: "cancel" | "retry" | "run_now" | "discard";
            /**
             * @description Which jobs, with the statuses that are meant.
             * @example {
             *       "status": [
             *         "FAILED"
             *       ],
             *       "queue": "emails"
             *     }
             */
            filter: {
                [key: string]: unknown;
            };
            /**
             * @description No more jobs than these; null = all that match.
             * @example null
             */
            limit: number | null;
            /**
             * @description In no second more jobs than these; null = as fast as possible.
             * @example null
             */
            per_second: number | null;
            /**
             * @description False: `matched` is only the least it can be.
             * @example true
             */
            matched_is_exact: boolean;
            /**
             * @description Some of these jobs, the oldest ones.
             * @example [
             *       "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55"
             *     ]
             */
            sample: string[];
            /**
             * Format: uuid
             * @description UUIDv7; also the id of the job that does it.
             * @example 01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55
             */
            operation_id: string;
            /**
             * @description Where it is.
             * @example running
             * @enum {string}
             */
            state: "queued" | "running" | "completed" | "aborted" | "failed";
            /**
             * @description Jobs that matched when it began; null until counted.
             * @example 41208
             */
            matched: number | null;
            /**
             * @description Jobs changed.
             * @example 1000
             */
            done: number;
            /**
             * @description Jobs that were no longer what it is for when it came to them.
             * @example 2
             */
            skipped: number;
            /**
             * @description Jobs that could not be changed.
             * @example 0
             */
            failed: number;
            /** @description Why jobs were skipped or failed. */
            errors: components["schemas"]["BulkErrorResponse"][];
            /**
             * @description Jobs a second so far.
             * @example 49.5
             */
            rate: number | null;
            /**
             * Format: date-time
             * @description When it will be done at that rate, while it runs.
             * @example 2026-02-01T14:30:00.000Z
             */
            eta: string | null;
            /**
             * @description Whether it is to stop.
             * @example false
             */
            abort_requested: boolean;
            /**
             * @description What ended it, when it failed.
             * @example null
             */
            error_message: string | null;
            /**
             * Format: date-time
             * @description When it was asked for. Jobs accepted later are left alone.
             * @example 2026-02-01T14:30:00.000Z
             */
            created_at: string;
            /**
             * @description Who asked for it.
             * @example anonymous
             */
            created_by: string;
            /**
             * Format: date-time
             * @description When it began.
             * @example 2026-02-01T14:30:00.000Z
             */
            started_at: string | null;
            /**
             * Format: date-time
             * @description When it last got further.
             * @example 2026-02-01T14:30:00.000Z
             */
            updated_at: string;
            /**
             * Format: date-time
             * @description When it ended.
             * @example 2026-02-01T14:30:00.000Z
             */
            finished_at: string | null;
        };
        BulkOperationListResponse: {
            /** @description The newest first. */
            bulk_operations: components["schemas"]["BulkOperationResponse"][];
            /**
             * @description Pass it as `cursor` to read the next page; null on the last one.
             * @example null
             */
            next_cursor: string | null;
        };
        TypeCountResponse: {
            /**
             * @description The type.
             * @example send_email
             */
            type: string;
            /**
             * @description Of the latest 10,000 jobs of the group.
             * @example 12
             */
            count: number;
        };
        ErrorGroupResponse: {
            /**
             * @description What their errors have in common.
             * @example 9f86d081884c7d65
             */
            fingerprint: string;
            /**
             * @description What operators have made of it.
             * @example open
             * @enum {string}
             */
            state: "open" | "resolved" | "ignored";
            /**
             * @description Whether it was resolved and has failed again since.
             * @example false
             */
            regressed: boolean;
            /**
             * Format: date-time
             * @description When somebody last changed its state.
             * @example 2026-02-01T14:30:00.000Z
             */
            changed_at: string | null;
            /**
             * @description Who that was.
             * @example anonymous
             */
            changed_by: string | null;
            /**
             * @description The latest error's class.
             * @example Error
             */
            error_name: string | null;
            /**
             * @description What it says.
             * @example SMTP connection timeout
             */
            message: string | null;
            /**
             * @description Failed jobs.
             * @example 12
             */
            count: number;
            /**
             * @description False: there are more than 100000.
             * @example true
             */
            count_is_exact: boolean;
            /** @description Their types, the most frequent first, 20 at most. */
            types: components["schemas"]["TypeCountResponse"][];
            /**
             * @description Their queues, 20 at most.
             * @example [
             *       "emails"
             *     ]
             */
            queues: string[];
            /**
             * Format: date-time
             * @description The first failure of those that are still failed.
             * @example 2026-02-01T14:30:00.000Z
             */
            first_seen: string;
            /**
             * Format: date-time
             * @description The latest failure.
             * @example 2026-02-01T14:30:00.000Z
             */
            last_seen: string;
            /**
             * @description The jobs that failed last.
             * @example [
             *       "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55"
             *     ]
             */
            job_ids: string[];
        };
        ErrorGroupListResponse: {
            /** @description The latest failure first. */
            groups: components["schemas"]["ErrorGroupResponse"][];
            /**
             * @description Pass it as `cursor` to read the next page; null on the last one.
             * @example null
             */
            next_cursor: string | null;
        };
        DeadLetterResponse: {
            /**
             * Format: uuid
             * @description UUIDv7.
             * @example 01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55
             */
            job_id: string;
            /**
             * @description What kind of job it is.
             * @example echo
             */
            type: string;
            /**
             * @description The queue it waits in.
             * @example default
             */
            queue_name: string;
            /**
             * @description Where it is in its life.
             * @example COMPLETED
             * @enum {string}
             */
            status: "BLOCKED" | "PENDING" | "PROCESSING" | "COMPLETED" | "FAILED" | "CANCELLED";
            /**
             * @description 1 (first) to 10 (last).
             * @example 5
             */
            priority: number;
            /**
             * @description What the handler gets; `[Redacted]` where its type does not show it.
             * @example {
             *       "hello": "world"
             *     }
             */
            payload: {
                [key: string]: unknown;
            };
            /**
             * @description What the handler returned; null until completed.
             * @example {
             *       "hello": "world"
             *     }
             */
            result: {
                [key: string]: unknown;
            } | unknown[] | string | number | boolean | null;
            /**
             * @description The last failure's message; null once completed.
             * @example null
             */
            error_message: string | null;
            /**
             * @description Executions started.
             * @example 1
             */
            attempts: number;
            /**
             * @description The limit of executions; null = none.
             * @example 3
             */
            max_attempts: number | null;
            /**
             * @description The key it was submitted with.
             * @example null
             */
            idempotency_key: string | null;
            /**
             * @description Jobs of one lock run one after the other.
             * @example null
             */
            lock: string | null;
            /**
             * @description Whose share of the limits of its queue it takes.
             * @example null
             */
            limit_key: string | null;
            /**
             * @description What makes it unique.
             * @example null
             */
            unique_key: string | null;
            /**
             * @description Labels to find it by.
             * @example [
             *       "signup"
             *     ]
             */
            tags: string[];
            /**
             * Format: uuid
             * @description The workflow it belongs to.
             * @example null
             */
            workflow_id: string | null;
            /**
             * @description Jobs it waits for.
             * @example []
             */
            depends_on: string[];
            /**
             * @description How far it has come.
             * @example null
             */
            progress: components["schemas"]["ProgressResponse"] | null;
            /**
             * Format: uuid
             * @description The latest attempt's worker.
             * @example null
             */
            worker_id: string | null;
            /**
             * Format: date-time
             * @description When it was accepted.
             * @example 2026-02-01T14:30:00.000Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @description The latest event's time.
             * @example 2026-02-01T14:30:00.000Z
             */
            updated_at: string;
            /**
             * Format: date-time
             * @description The earliest time of the next start.
             * @example 2026-02-01T14:30:00.000Z
             */
            scheduled_at: string;
            /**
             * Format: date-time
             * @description The latest attempt's start.
             * @example 2026-02-01T14:30:00.000Z
             */
            started_at: string | null;
            /**
             * Format: date-time
             * @description When it ended for good.
             * @example 2026-02-01T14:30:00.000Z
             */
            finished_at: string | null;
            /**
             * @description Equal for jobs that failed alike; null when the job was set to FAILED by hand.
             * @example 9f86d081884c7d65
             */
            fingerprint: string | null;
            /**
             * @description What was thrown last.
             * @example null
             */
            error: components["schemas"]["AttemptErrorResponse"] | null;
            /**
             * Format: date-time
             * @description When it failed for good.
             * @example 2026-02-01T14:30:00.000Z
             */
            failed_at: string;
        };
        DeadLetterListResponse: {
            /** @description The latest failure first. */
            dead_letters: components["schemas"]["DeadLetterResponse"][];
            /**
             * @description Pass it as `cursor` to read the next page; null on the last one.
             * @example null
             */
            next_cursor: string | null;
            /**
             * @description True: so many do not fit the filter that the search was cut short; `next_cursor` goes on.
             * @example false
             */
            incomplete: boolean;
        };
        FailureFilterRequest: {
            /**
             * @description Only jobs of this type.
             * @example echo
             */
            type?: string;
            /**
             * @description Only jobs of this queue.
             * @example default
             */
            queue?: string;
            /**
             * @description Only jobs with this tag.
             * @example signup
             */
            tag?: string;
            /**
             * @description Only jobs that failed alike: the `fingerprint` of a dead letter.
             * @example 9f86d081884c7d65
             */
            fingerprint?: string;
            /**
             * Format: date-time
             * @description Only jobs that failed at this time or later.
             * @example 2026-02-01T00:00:00Z
             */
            failed_after?: string;
            /**
             * Format: date-time
             * @description Only jobs that failed before this time.
             * @example 2030-02-01T00:00:00Z
             */
            failed_before?: string;
            /**
             * @description Only these jobs.
             * @example [
             *       "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55"
             *     ]
             */
            job_ids?: string[];
        };
        RedriveRequest: {
            /**
             * @description Only count the jobs and show some of them; nothing is changed.
             * @default false
             */
            dry_run?: boolean;
            /**
             * @description No more jobs than these, the oldest ones. Default: all that match.
             * @example 1000
             */
            limit?: number;
            /**
             * @description In no second more jobs than these. Default: as fast as possible.
             * @example 50
             */
            per_second?: number;
            /** @description Which dead letters: those that fit every field given. Default: all of them. */
            filter?: components["schemas"]["FailureFilterRequest"];
        };
        WebhookResponse: {
            /**
             * Format: uuid
             * @description UUIDv7.
             * @example 01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55
             */
            webhook_id: string;
            /**
             * @description Where events go.
             * @example https://hooks.example/jobs
             */
            url: string;
            /**
             * @description What it is for.
             * @example Bookkeeping
             */
            description: string | null;
            /**
             * @description What it is told of.
             * @example [
             *       "job.completed",
             *       "job.failed"
             *     ]
             */
            events: string[];
            /**
             * @description Only of jobs in these queues; null = in every queue.
             * @example null
             */
            queues: string[] | null;
            /**
             * @description Only of jobs of these types; null = of every type.
             * @example null
             */
            types: string[] | null;
            /**
             * @description Whether it is told of what happens.
             * @example true
             */
            enabled: boolean;
            /**
             * @description Why it is not.
             * @example null
             */
            disabled_reason: string | null;
            /**
             * Format: date-time
             * @description Since when it is not.
             * @example null
             */
            disabled_at: string | null;
            /**
             * @description Tries that failed in a row, up to now.
             * @example 0
             */
            failures: number;
            /**
             * Format: date-time
             * @description Since when every try has failed; after five days the endpoint is disabled.
             * @example null
             */
            failing_since: string | null;
            /**
             * Format: date-time
             * @description Until when the secret before the present one signs too; null = it does not.
             * @example null
             */
            old_secret_expires_at: string | null;
            /**
             * Format: date-time
             * @description When it was created.
             * @example 2026-02-01T14:30:00.000Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When it was changed last.
             * @example 2026-02-01T14:30:00.000Z
             */
            updated_at: string;
        };
        WebhookListResponse: {
            /** @description The newest first. */
            webhooks: components["schemas"]["WebhookResponse"][];
        };
        CreateWebhookRequest: {
            /**
             * Format: uri
             * @description Where events go, up to 2048 characters: a public address, by https, at port 443, 80 or 8443. WEBHOOK_ALLOW_HTTP and WEBHOOK_ALLOW_PRIVATE allow more.
             * @example https://hooks.example/jobs
             */
            url: string;
            /**
             * @description What it is for.
             * @example Bookkeeping
             */
            description?: string | null;
            /**
             * @description What it is told of.
             * @example [
             *       "job.completed",
             *       "job.failed"
             *     ]
             */
            events: ("job.completed" | "job.failed" | "job.cancelled" | "workflow.completed" | "workflow.failed" | "workflow.cancelled")[];
            /**
             * @description Of the events of jobs only those in these queues; null or none = of every queue. Events of workflows have no queue and come all the same.
             * @example [
             *       "invoices"
             *     ]
             */
            queues?: string[] | null;
            /**
             * @description Of the events of jobs only those of these types; null or none = of every type. Events of workflows have no type and come all the same.
             * @example [
             *       "send_email"
             *     ]
             */
            types?: string[] | null;
        };
        WebhookWithSecretResponse: {
            /**
             * Format: uuid
             * @description UUIDv7.
             * @example 01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55
             */
            webhook_id: string;
            /**
             * @description Where events go.
             * @example https://hooks.example/jobs
             */
            url: string;
            /**
             * @description What it is for.
             * @example Bookkeeping
             */
            description: string | null;
            /**
             * @description What it is told of.
             * @example [
             *       "job.completed",
             *       "job.failed"
             *     ]
             */
            events: string[];
            /**
             * @description Only of jobs in these queues; null = in every queue.
             * @example null
             */
            queues: string[] | null;
            /**
             * @description Only of jobs of these types; null = of every type.
             * @example null
             */
            types: string[] | null;
            /**
             * @description Whether it is told of what happens.
             * @example true
             */
            enabled: boolean;
            /**
             * @description Why it is not.
             * @example null
             */
            disabled_reason: string | null;
            /**
             * Format: date-time
             * @description Since when it is not.
             * @example null
             */
            disabled_at: string | null;
            /**
             * @description Tries that failed in a row, up to now.
             * @example 0
             */
            failures: number;
            /**
             * Format: date-time
             * @description Since when every try has failed; after five days the endpoint is disabled.
             * @example null
             */
            failing_since: string | null;
            /**
             * Format: date-time
             * @description Until when the secret before the present one signs too; null = it does not.
             * @example null
             */
            old_secret_expires_at: string | null;
            /**
             * Format: date-time
             * @description When it was created.
             * @example 2026-02-01T14:30:00.000Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When it was changed last.
             * @example 2026-02-01T14:30:00.000Z
             */
            updated_at: string;
            /**
             * @description What its events are signed with. Shown this once.
             * @example whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw
             */
            secret: string;
        };
        EditWebhookRequest: {
            /**
             * Format: uri
             * @description Where events go, up to 2048 characters: a public address, by https, at port 443, 80 or 8443. WEBHOOK_ALLOW_HTTP and WEBHOOK_ALLOW_PRIVATE allow more.
             * @example https://hooks.example/jobs
             */
            url?: string;
            /**
             * @description What it is for.
             * @example Bookkeeping
             */
            description?: string | null;
            /**
             * @description What it is told of.
             * @example [
             *       "job.completed",
             *       "job.failed"
             *     ]
             */
            events?: ("job.completed" | "job.failed" | "job.cancelled" | "workflow.completed" | "workflow.failed" | "workflow.cancelled")[];
            /**
             * @description Of the events of jobs only those in these queues; null or none = of every queue. Events of workflows have no queue and come all the same.
             * @example [
             *       "invoices"
             *     ]
             */
            queues?: string[] | null;
            /**
             * @description Of the events of jobs only those of these types; null or none = of every type. Events of workflows have no type and come all the same.
             * @example [
             *       "send_email"
             *     ]
             */
            types?: string[] | null;
        };
        DisableWebhookRequest: {
            /**
             * @description For whoever wonders.
             * @example Moves to another host
             */
            reason?: string;
        };
        RotateSecretRequest: {
            /**
             * @description Seconds for which the old secret signs too, so that receivers can change over.
             * @default 86400
             * @example 86400
             */
            keep_old_for?: number;
        };
        DeliveryResponse: {
            /**
             * Format: uuid
             * @description The id of the delivery, and of the job that makes it.
             * @example 01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55
             */
            delivery_id: string;
            /**
             * @description The `webhook-id` that the receiver sees: the same at every try, and when it is sent again.
             * @example evt_3f0c2b6f3c1d9a5501939c5e7a707f3e
             */
            event_id: string;
            /**
             * @description What it tells of.
             * @example job.completed
             */
            event: string;
            /**
             * Format: uuid
             * @description The job that it tells of; null for a workflow and a test.
             * @example 01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55
             */
            job_id: string | null;
            /**
             * Format: uuid
             * @description The workflow or group that it tells of.
             * @example null
             */
            workflow_id: string | null;
            /**
             * Format: uuid
             * @description The webhook; null for a `callback_url`.
             * @example 01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55
             */
            webhook_id: string | null;
            /**
             * @description Where it goes, without the query; null when the webhook is gone.
             * @example https://hooks.example/jobs
             */
            url: string | null;
            /**
             * @description `pending`: it is tried, or tried again. `cancelled`: it is not to be made any more.
             * @example delivered
             * @enum {string}
             */
            status: "pending" | "delivered" | "failed" | "cancelled";
            /**
             * @description Requests that were sent.
             * @example 1
             */
            attempts: number;
            /**
             * @description The status of the last answer; null = there was none.
             * @example 200
             */
            response_status: number | null;
            /**
             * @description The first KiB of the last answer.
             * @example ok
             */
            response_body: string | null;
            /**
             * @description How long the last request took, in milliseconds.
             * @example 42
             */
            duration_ms: number | null;
            /**
             * @description What was wrong the last time, or why it ended.
             * @example null
             */
            error: string | null;
            /**
             * Format: date-time
             * @description When it was enqueued.
             * @example 2026-02-01T14:30:00.000Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When the last request was sent.
             * @example 2026-02-01T14:30:00.000Z
             */
            last_attempt_at: string | null;
            /**
             * Format: date-time
             * @description When the next one is due.
             * @example null
             */
            next_attempt_at: string | null;
            /**
             * Format: date-time
             * @description When it ended.
             * @example 2026-02-01T14:30:00.000Z
             */
            finished_at: string | null;
        };
        DeliveryListResponse: {
            /** @description The newest first. */
            deliveries: components["schemas"]["DeliveryResponse"][];
            /**
             * @description Pass it as `cursor` to read the next page; null on the last one.
             * @example null
             */
            next_cursor: string | null;
        };
        LeaseJobsRequest: {
            /**
             * @description The queues to take jobs from, in this order; all jobs of an answer come from one. Created at their first use.
             * @example [
             *       "images"
             *     ]
             */
            queues: string[];
            /**
             * @description The declared types it can run (`PUT /job-types/{type}`). Default: all of them.
             * @example [
             *       "resize_image"
             *     ]
             */
            types?: string[];
            /**
             * @description Jobs at most.
             * @default 1
             * @example 1
             */
            max?: number;
            /**
             * @description Seconds to wait for a job when there is none.
             * @default 0
             * @example 0
             */
            wait?: number;
            /**
             * @description A name of your own for the worker, one for each process: `GET /workers` and attempts show it.
             * @example resizer-1
             */
            worker_id: string;
            /**
             * @description Seconds for which a job is held without a word. When they are over, it runs again elsewhere: send a heartbeat every third of them.
             * @default 60
             * @example 60
             */
            lease_seconds?: number;
        };
        LeasedJobResponse: {
            /**
             * Format: uuid
             * @description UUIDv7; send it along as Idempotency-Key to whoever knows such keys.
             * @example 01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55
             */
            job_id: string;
            /**
             * @description What kind of job it is.
             * @example resize_image
             */
            type: string;
            /**
             * @description The queue it came from.
             * @example images
             */
            queue_name: string;
            /**
             * @description 1 (first) to 10 (last).
             * @example 5
             */
            priority: number;
            /**
             * @description The limit of executions; null = none.
             * @example 3
             */
            max_attempts: number | null;
            /**
             * Format: date-time
             * @description When it was accepted.
             * @example 2026-02-01T14:30:00.000Z
             */
            created_at: string;
            /**
             * @description What is to be done.
             * @example {
             *       "url": "https://example.org/a.png",
             *       "width": 640
             *     }
             */
            payload: {
                [key: string]: unknown;
            };
        };
        LeaseResponse: {
            /**
             * @description Names the lease in all further requests. A secret: whoever has it can end the attempt.
             * @example rhl_AZOcXnpwfz6PDCtvPB2aVQAAAAEAPKr5JkZpP0cTq1h5wN0b2dU
             */
            lease_token: string;
            /**
             * Format: date-time
             * @description Without a heartbeat before, the job runs again elsewhere.
             * @example 2026-02-01T14:30:00.000Z
             */
            lease_expires_at: string;
            /**
             * @description This execution, from 1 on.
             * @example 1
             */
            attempt: number;
            /**
             * @description Seconds the attempt may take in all, heartbeats or not.
             * @example 300
             */
            timeout: number;
            /**
             * @description The trace that the job is of (W3C Trace Context): the parent of your spans. Null = nobody traced its submission.
             * @example 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01
             */
            traceparent: string | null;
            /** @description The job. */
            job: components["schemas"]["LeasedJobResponse"];
        };
        LeaseListResponse: {
            /** @description In the order they are to start; empty when none came in time. */
            leases: components["schemas"]["LeaseResponse"][];
        };
        LeaseLogLine: {
            /**
             * @description How much it matters.
             * @default info
             * @example info
             * @enum {string}
             */
            level?: "debug" | "info" | "warn" | "error";
            /**
             * @description What it says.
             * @example Reading rows
             */
            message: string;
        };
        HeartbeatRequest: {
            /**
             * @description How far the job has come, in percent.
             * @example 40
             */
            progress?: number;
            /**
             * @description What is being done; only beside `progress`.
             * @example Reading rows
             */
            message?: string;
            /**
             * @description Lines for the job’s log; a job keeps 1,000.
             * @example []
             */
            logs?: components["schemas"]["LeaseLogLine"][];
            /**
             * @description Seconds for which the job is held from now on, as far as its timeout allows. Default: the `lease_seconds` it was taken with.
             * @example 60
             */
            extend?: number;
        };
        HeartbeatResponse: {
            /**
             * Format: date-time
             * @description Until when the job is held now; its timeout bounds it.
             * @example 2026-02-01T14:30:00.000Z
             */
            lease_expires_at: string;
            /**
             * @description Somebody cancels the job: end the work, and the lease. It is not prolonged any more.
             * @example false
             */
            cancel_requested: boolean;
        };
        CompleteLeaseRequest: {
            /**
             * @description The result of the job; what is larger than 256 KiB is stored as a preview. Default: null.
             * @example {
             *       "width": 640
             *     }
             */
            result?: {
                [key: string]: unknown;
            } | unknown[] | string | number | boolean | null;
        };
        EndedLeaseResponse: {
            /**
             * Format: uuid
             * @description The id of the job.
             * @example 01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55
             */
            job_id: string;
            /**
             * @description This execution, from 1 on.
             * @example 1
             */
            attempt: number;
            /**
             * @description How the attempt ended: `cancelled`, whatever was sent, when somebody has cancelled the job.
             * @example completed
             * @enum {string}
             */
            outcome: "completed" | "failed" | "released" | "snoozed" | "cancelled";
            /**
             * @description Where the job is in its life.
             * @example COMPLETED
             * @enum {string}
             */
            job_status: "BLOCKED" | "PENDING" | "PROCESSING" | "COMPLETED" | "FAILED" | "CANCELLED";
        };
        LeaseErrorRequest: {
            /**
             * @description Its class, by which equal errors are found.
             * @default Error
             * @example ConnectionError
             */
            name?: string;
            /**
             * @description What it says.
             * @example images.example.org refused the connection
             */
            message: string;
            /** @description Where it was thrown. */
            stack?: string;
        };
        FailLeaseRequest: {
            /**
             * @description What went wrong.
             * @example {
             *       "message": "No such image"
             *     }
             */
            error: components["schemas"]["LeaseErrorRequest"];
            /**
             * @description True: no other attempt can do better, and the job is FAILED at once.
             * @default false
             * @example false
             */
            permanent?: boolean;
            /**
             * @description Seconds before the next attempt. Default: as the job says.
             * @example 30
             */
            retry_in?: number;
        };
        SnoozeLeaseRequest: {
            /**
             * @description Seconds before the next attempt.
             * @example 60
             */
            delay: number;
        };
        StatsResponse: {
            /**
             * @description Jokes kept.
             * @example 42
             */
            total_jokes: number;
            /**
             * @description Jokes by category.
             * @example {
             *       "dev": 15,
             *       "uncategorized": 27
             *     }
             */
            categories: {
                [key: string]: number;
            };
            /**
             * @description Jobs accepted in the last hour.
             * @example 10
             */
            recent_jobs: number;
        };
        FailureResponse: {
            /**
             * Format: uuid
             * @description Its id.
             * @example 01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55
             */
            job_id: string;
            /**
             * @description What kind of job it was.
             * @example fetch_and_cache_joke
             */
            type: string;
            /**
             * @description The last failure's message.
             * @example The joke API did not answer within 10 s
             */
            error: string | null;
            /**
             * @description Executions it had.
             * @example 5
             */
            attempts: number;
            /**
             * Format: date-time
             * @description When it failed for good.
             * @example 2026-02-01T14:30:00.000Z
             */
            failed_at: string;
        };
        ThroughputResponse: {
            /**
             * @description Accepted.
             * @example 60
             */
            submitted: number;
            /**
             * @description Completed.
             * @example 58
             */
            completed: number;
            /**
             * @description Failed for good.
             * @example 1
             */
            failed: number;
        };
        ThroughputsResponse: {
            /** @description In the last minute. */
            last_minute: components["schemas"]["ThroughputResponse"];
            /** @description In the last five minutes. */
            last_5_minutes: components["schemas"]["ThroughputResponse"];
            /** @description In the last hour. */
            last_hour: components["schemas"]["ThroughputResponse"];
        };
        PercentilesResponse: {
            /**
             * @description Half of the jobs took at most this many seconds.
             * @example 0.02
             */
            p50: number;
            /**
             * @description 95 of 100 jobs took at most this many seconds.
             * @example 0.1
             */
            p95: number;
            /**
             * @description 99 of 100 jobs took at most this many seconds.
             * @example 0.5
             */
            p99: number;
        };
        QueueDurationsResponse: {
            /**
             * @description The queue.
             * @example default
             */
            queue_name: string;
            /**
             * @description Jobs the percentiles are made from.
             * @example 120
             */
            jobs: number;
            /** @description From the later of creation and schedule to the start. */
            wait_seconds: components["schemas"]["PercentilesResponse"];
            /** @description From the start to the end. */
            run_seconds: components["schemas"]["PercentilesResponse"];
        };
        AdminStatsResponse: {
            /**
             * @description Jobs by status; every status is there.
             * @example {
             *       "BLOCKED": 0,
             *       "PENDING": 3,
             *       "PROCESSING": 2,
             *       "COMPLETED": 120,
             *       "FAILED": 1,
             *       "CANCELLED": 0
             *     }
             */
            status_breakdown: {
                [key: string]: number;
            };
            /**
             * @description Jobs by type.
             * @example {
             *       "echo": 100,
             *       "fetch_and_cache_joke": 26
             *     }
             */
            type_breakdown: {
                [key: string]: number;
            };
            /**
             * @description Executions that jobs had before they failed for good; 0 when none did.
             * @example 4.5
             */
            avg_attempts_for_failed_jobs: number;
            /** @description The latest ten, the newest first. */
            recent_failures: components["schemas"]["FailureResponse"][];
            /** @description Jobs accepted and ended of late, also those that are deleted by now. A span ends and begins to ten seconds. */
            throughput: components["schemas"]["ThroughputsResponse"];
            /**
             * @description Workers that live and have free slots, and have not been able to take jobs for CANARY_TIMEOUT; `GET /workers` names them.
             * @example 0
             */
            workers_taking_nothing: number;
            /** @description How long jobs take, by queue: over the jobs that completed or failed in the last hour, at most the latest 1,000 of each queue. A job of several executions counts with its last one. Queues without such jobs are left out. */
            queues: components["schemas"]["QueueDurationsResponse"][];
        };
        AuditRecordResponse: {
            /**
             * @description Its number; it grows with time.
             * @example 4711
             */
            id: string;
            /**
             * Format: date-time
             * @description When, by the clock of the database.
             * @example 2026-02-01T14:30:00.000Z
             */
            at: string;
            /**
             * @description Who: `key:` and the id of an API key, `anonymous` where everybody may call, `command line`, or `service` for what nobody asked for.
             * @example key:01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55
             */
            actor: string;
            /**
             * @description What was done.
             * @example queue.pause
             */
            action: string;
            /**
             * @description The kind of thing it was done to.
             * @example queue
             */
            subject_type: string;
            /**
             * @description The id or the name of that thing; null = of no single one.
             * @example default
             */
            subject_id: string | null;
            /**
             * @description The queue it is about, if it is about one.
             * @example default
             */
            queue: string | null;
            /**
             * @description What changed, as it was. Of payloads and secrets only that they changed.
             * @example {
             *       "is_paused": false
             *     }
             */
            before: {
                [key: string]: unknown;
            } | null;
            /**
             * @description What changed, as it was afterwards, or what was asked for.
             * @example {
             *       "is_paused": true
             *     }
             */
            after: {
                [key: string]: unknown;
            } | null;
            /**
             * @description The request in which it was asked for, as in its answer and in the log; null = none.
             * @example 01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a56
             */
            request_id: string | null;
            /**
             * @description The role that was logged in to the database: the word of the database itself.
             * @example roundhouse_api
             */
            login: string;
        };
        AuditRecordListResponse: {
            /** @description The newest first. */
            records: components["schemas"]["AuditRecordResponse"][];
            /**
             * @description Pass it as `cursor` to read the next page; null on the last one.
             * @example null
             */
            next_cursor: string | null;
        };
        QueueScalingResponse: {
            /**
             * @description Its name.
             * @example default
             */
            name: string;
            /**
             * @description Jobs accepted per second, of late.
             * @example 12.5
             */
            arrivals_per_second: number;
            /**
             * @description Seconds for which an execution holds its slot, on average; null = none has ended within an hour.
             * @example 1.6
             */
            run_seconds: number | null;
            /**
             * @description Jobs that run.
             * @example 18
             */
            running: number;
            /**
             * @description Jobs that could start now; beyond 20,000 an estimate.
             * @example 40
             */
            backlog: number;
            /**
             * @description Slots it needs.
             * @example 31.4
             */
            needed_slots: number;
            /**
             * @description Workers with so many slots, were they for this queue alone.
             * @example 4
             */
            desired_workers: number;
            /**
             * @description What keeps it from needing more: `pause`, or the `limit` of its concurrency or rate; null = nothing.
             * @example null
             * @enum {string|null}
             */
            held_by: "pause" | "limit" | null;
        };
        ScalingResponse: {
            /**
             * @description How many workers should run: what an autoscaler reads.
             * @example 4
             */
            desired_workers: number;
            /**
             * @description Workers that run now and serve these queues.
             * @example 3
             */
            current_workers: number;
            /**
             * @description Slots of one worker, as reckoned with.
             * @example 10
             */
            slots_per_worker: number;
            /**
             * @description Slots that the queues need together.
             * @example 31.4
             */
            needed_slots: number;
            /** @description By name. */
            queues: components["schemas"]["QueueScalingResponse"][];
        };
        JobSettings: {
            /**
             * @description The queue to wait in; created at its first use. Default: the type's.
             * @example default
             */
            queue?: string;
            /**
             * @description 1 (first) to 10 (last).
             * @default 5
             * @example 5
             */
            priority?: number;
            /**
             * @description Labels to find the job by.
             * @example [
             *       "signup",
             *       "eu"
             *     ]
             */
            tags?: string[];
            /**
             * Format: date-time
             * @description The earliest start, without a zone in UTC; a time that has passed means now.
             * @example 2030-01-31T15:00:00Z
             */
            scheduled_at?: string;
            /**
             * Format: date-time
             * @description Another name for `scheduled_at`.
             * @example 2030-01-31T15:00:00Z
             */
            schedule_at?: string;
            /**
             * @description The wait before the earliest start: seconds, or amounts of calendar units.
             * @example {
             *       "minutes": 5
             *     }
             */
            schedule_in?: number | {
                [key: string]: number;
            };
            /**
             * @description Executions in all, not retries; null = no limit. Default: as the type says.
             * @example 5
             */
            max_attempts?: number | null;
            /**
             * @description Retries in other words: a number of them, true = for ever, or a strategy whose wait before execution k is wait + linear_wait·(k−1) + exponential_wait^(k−1).
             * @example 4
             */
            retry?: number | true | {
                [key: string]: number;
            };
            /** @description How the waits between retries grow. Default: as the type says. */
            backoff?: components["schemas"]["BackoffRequest"];
            /**
             * @description Seconds an attempt may run. Default: as the type says.
             * @example 300
             */
            timeout?: number;
            /**
             * @description Jobs of the same lock run one after the other, in the order of their creation, in whatever queues.
             * @example customer-42
             */
            lock?: string;
            /**
             * @description Whose share of the limits it takes, if its queue has limits per key: a customer, a host. Jobs of other keys pass by.
             * @example customer-42
             */
            limit_key?: string;
            /**
             * @description Keeps a second job away while there is one; null = none, also where the type has one.
             * @example null
             */
            unique?: components["schemas"]["UniqueRequest"] | null;
            /**
             * Format: uri
             * @description Is told of the end of the job, as an endpoint of POST /webhooks is; signed with WEBHOOK_SIGNING_SECRET, without which it is refused.
             * @example https://hooks.example/job-7
             */
            callback_url?: string;
            /**
             * @description Makes it safe to ask again: the same key gives back the first job. Also as the header Idempotency-Key.
             * @example order-4711-confirmation
             */
            idempotency_key?: string;
            /**
             * @description Jobs that must end first, by id or as `{"job_id", "on_failure"}`. If one of them fails or is cancelled, so is this one (`cancel`, the default), or it goes on all the same (`continue`).
             * @example []
             */
            depends_on?: (string | {
                /** Format: uuid */
                job_id: string;
                /**
                 * @default cancel
                 * @enum {string}
                 */
                on_failure?: "cancel" | "continue";
            })[];
        };
        /** @description Answers with its own payload, whatever that is. */
        CreateEchoJob: {
            /**
             * @description Its name, or one of its aliases.
             * @enum {string}
             */
            type: "echo" | "hello_world";
            /**
             * @example {
             *       "hello": "world"
             *     }
             */
            payload: {
                [key: string]: unknown;
            };
        } & (components["schemas"]["JobSettings"] & {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "echo" | "hello_world";
        });
        /** @description Fetches a random joke from the joke API and keeps it. */
        CreateFetchAndCacheJokeJob: {
            /**
             * @description Its name, or one of its aliases.
             * @enum {string}
             */
            type: "fetch_and_cache_joke" | "fetch-joke";
            /**
             * @example {
             *       "category": "dev"
             *     }
             */
            payload: {
                /**
                 * @description A category of the joke API; none = any joke.
                 * @example dev
                 */
                category?: string | null;
            };
        } & (components["schemas"]["JobSettings"] & {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "fetch_and_cache_joke" | "fetch-joke";
        });
        /** @description Makes a CSV, XLSX or PDF file of rows, given or made by another job. */
        CreateGenerateReportJob: {
            /**
             * @description Its name, or one of its aliases.
             * @enum {string}
             */
            type: "generate_report";
            /**
             * @example {
             *       "format": "pdf",
             *       "title": "Sales in February",
             *       "rows": [
             *         {
             *           "item": "Coffee",
             *           "amount": 12.5
             *         },
             *         {
             *           "item": "Tea",
             *           "amount": 8
             *         }
             *       ],
             *       "columns": [
             *         {
             *           "field": "item",
             *           "label": "Item"
             *         },
             *         {
             *           "field": "amount",
             *           "label": "Amount",
             *           "format": "decimal"
             *         }
             *       ],
             *       "summary": [
             *         {
             *           "field": "amount",
             *           "op": "sum"
             *         }
             *       ]
             *     }
             */
            payload: {
                /**
                 * @description The rows, at most 10000. Either these or `job_id`.
                 * @example [
                 *       {
                 *         "item": "Coffee",
                 *         "amount": 12.5
                 *       }
                 *     ]
                 */
                rows?: {
                    [key: string]: unknown;
                }[];
                /**
                 * Format: uuid
                 * @description A completed job whose result has the rows, or names the CSV or JSON Lines file that has them, such as a `process_data` job. Name it in `depends_on` too, and this one waits for it.
                 * @example 01890a5d-ac96-774b-bcce-b302099a8057
                 */
                job_id?: string;
                /**
                 * @description The format of the file.
                 * @example pdf
                 * @enum {string}
                 */
                format: "csv" | "xlsx" | "pdf";
                /**
                 * @description Stands above the table of a PDF, and names the sheet of a workbook.
                 * @default Report
                 * @example Sales in February
                 */
                title?: string;
                /**
                 * @description The columns, in their order. Default: all fields of the first row.
                 * @example [
                 *       {
                 *         "field": "amount",
                 *         "label": "Amount",
                 *         "format": "decimal"
                 *       }
                 *     ]
                 */
                columns?: {
                    /**
                     * @description The field of each row that it shows.
                     * @example amount
                     */
                    field: string;
                    /**
                     * @description Its heading. Default: the name of the field.
                     * @example Amount
                     */
                    label?: string;
                    /**
                     * @description Default: numbers to the right, everything else to the left.
                     * @example right
                     * @enum {string}
                     */
                    align?: "left" | "center" | "right";
                    /**
                     * @description How its values are read and shown. Default: each as what it is.
                     * @example decimal
                     * @enum {string}
                     */
                    format?: "text" | "integer" | "decimal" | "percent" | "date";
                }[];
                /**
                 * @description Figures under the table: one row for each operation.
                 * @example [
                 *       {
                 *         "field": "amount",
                 *         "op": "sum"
                 *       }
                 *     ]
                 */
                summary?: {
                    /**
                     * @description The field of the column.
                     * @example amount
                     */
                    field: string;
                    /**
                     * @description `sum` and `avg` of its numbers, or `count` of its values.
                     * @example sum
                     * @enum {string}
                     */
                    op: "sum" | "avg" | "count";
                }[];
                /**
                 * @description The name of the file. Default: `report.` and the format.
                 * @example sales-2026-02.pdf
                 */
                name?: string;
                /**
                 * @description CSV: begins with a byte order mark, by which Excel knows that the text is UTF-8.
                 * @default false
                 * @example false
                 */
                bom?: boolean;
                /**
                 * @description PDF: the paper.
                 * @default a4
                 * @example a4
                 * @enum {string}
                 */
                page_size?: "a4" | "letter";
                /**
                 * @description PDF: `auto` lays the page on its side when the columns need it.
                 * @default auto
                 * @example auto
                 * @enum {string}
                 */
                orientation?: "auto" | "portrait" | "landscape";
            };
        } & (components["schemas"]["JobSettings"] & {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "generate_report";
        });
        /** @description Checks the database, counts the live workers, and measures the process and its machine. */
        CreateHealthCheckTaskJob: {
            /**
             * @description Its name, or one of its aliases.
             * @enum {string}
             */
            type: "health_check_task";
            /** @example {} */
            payload: {
                [key: string]: unknown;
            };
        } & (components["schemas"]["JobSettings"] & {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "health_check_task";
        });
        /** @description Sends an HTTP request and keeps the answer. */
        CreateHttpRequestJob: {
            /**
             * @description Its name, or one of its aliases.
             * @enum {string}
             */
            type: "http_request";
            /**
             * @example {
             *       "url": "https://example.com/hooks",
             *       "method": "POST",
             *       "json": {
             *         "event": "signup"
             *       }
             *     }
             */
            payload: {
                /**
                 * @description The method.
                 * @default GET
                 * @enum {string}
                 */
                method?: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS";
                /**
                 * @description Headers, up to 50 and 8,000 characters. Not those of the connection (Host, Content-Length, Transfer-Encoding …), nor Idempotency-Key and X-Job-Attempt, which are sent with the id of the job and the number of the attempt.
                 * @example {
                 *       "Accept": "application/json"
                 *     }
                 */
                headers?: {
                    [key: string]: string;
                };
                /**
                 * @description The body, sent as UTF-8; as text/plain unless the headers say otherwise. Not with GET and HEAD.
                 * @example a=1&b=2
                 */
                body?: string;
                /**
                 * @description Any JSON value in place of `body`, sent as application/json.
                 * @example {
                 *       "event": "signup"
                 *     }
                 */
                json?: unknown;
                /**
                 * @description Statuses that count as success: codes, and classes such as "2xx".
                 * @default [
                 *       "2xx"
                 *     ]
                 * @example [
                 *       200,
                 *       404
                 *     ]
                 */
                expected_status?: (number | ("2xx" | "3xx" | "4xx" | "5xx"))[];
                /**
                 * @description Seconds for all of it, redirects and the whole answer included.
                 * @default 10
                 */
                timeout?: number;
                /**
                 * @description How much of the answer's body is kept, in bytes, decompressed; what is beyond is cut.
                 * @default 65536
                 */
                response_max_bytes?: number;
                /**
                 * @description How many redirects are followed; 0 = none, and the redirect itself is the answer.
                 * @default 3
                 */
                follow_redirects?: number;
                /**
                 * Format: uri
                 * @description Where to, up to 2048 characters: a public address, by https, at port 443, 80 or 8443. HTTP_ALLOW_HTTP and HTTP_ALLOW_PRIVATE allow more.
                 * @example https://example.com/hooks
                 */
                url: string;
            };
        } & (components["schemas"]["JobSettings"] & {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "http_request";
        });
        /** @description Filters, groups and sorts CSV or JSON Lines of any size. */
        CreateProcessDataJob: {
            /**
             * @description Its name, or one of its aliases.
             * @enum {string}
             */
            type: "process_data";
            /**
             * @example {
             *       "data": "country,amount\nDE,12.50\nFR,8\nDE,3.50\n",
             *       "group_by": [
             *         "country"
             *       ],
             *       "aggregate": [
             *         {
             *           "op": "sum",
             *           "field": "amount",
             *           "as": "total"
             *         }
             *       ],
             *       "sort": [
             *         {
             *           "field": "total",
             *           "order": "desc"
             *         }
             *       ]
             *     }
             */
            payload: {
                /**
                 * @description The rows themselves. Exactly one of `data`, `url` and `file`.
                 * @example country,amount
                 *     DE,12.50
                 *     FR,8
                 *     DE,3.50
                 */
                data?: string;
                /**
                 * @description A file below DATA_DIR, as a relative path.
                 * @example imports/orders.csv
                 */
                file?: string;
                /**
                 * @description What the rows are written in. Default: by the extension or the content type, else jsonl when they begin with {.
                 * @enum {string}
                 */
                format?: "csv" | "jsonl";
                /**
                 * @description What separates the fields of CSV: one ASCII character. Default: a comma, or a tab for .tsv.
                 * @default ,
                 */
                delimiter?: string;
                /**
                 * @description Whether the first row of CSV names the columns; else they are column_1, column_2, …
                 * @default true
                 */
                header?: boolean;
                /**
                 * @description What becomes of a row that cannot be read: fail ends the job and names the line, skip leaves it out and counts it.
                 * @default fail
                 * @enum {string}
                 */
                on_error?: "fail" | "skip";
                /** @description Which rows are taken: those that satisfy all of these. */
                filter?: {
                    /**
                     * @description A column, or a path into a JSON object such as user.name.
                     * @example amount
                     */
                    field: string;
                    /**
                     * @description How it is compared.
                     * @example gte
                     * @enum {string}
                     */
                    op: "eq" | "ne" | "lt" | "lte" | "gt" | "gte" | "contains" | "starts_with" | "in" | "exists";
                    /**
                     * @description What it is compared with: a text, a number, true or false; a list of up to 1,000 of these for `in`; true (default) or false for `exists`.
                     * @example 100
                     */
                    value?: string | number | boolean | (string | number | boolean)[];
                }[];
                /**
                 * @description Which columns are written, in this order. Default: all.
                 * @example [
                 *       "country",
                 *       "amount"
                 *     ]
                 */
                select?: string[];
                /**
                 * @description New names of columns, by their old ones.
                 * @example {
                 *       "amount": "price"
                 *     }
                 */
                rename?: {
                    [key: string]: string;
                };
                /**
                 * @description One row for each combination of the values of these columns.
                 * @example [
                 *       "country"
                 *     ]
                 */
                group_by?: string[];
                /** @description The figures of each group, or of all rows together. */
                aggregate?: {
                    /**
                     * @description What is counted or computed.
                     * @example sum
                     * @enum {string}
                     */
                    op: "count" | "sum" | "avg" | "min" | "max" | "count_distinct";
                    /**
                     * @description Of which column. Without one, `count` counts rows.
                     * @example amount
                     */
                    field?: string;
                    /**
                     * @description The name of its column. Default: the op and the field, such as sum_amount.
                     * @example total
                     */
                    as?: string;
                }[];
                /** @description The order of the rows; the first column counts first. */
                sort?: {
                    /**
                     * @description A column of the output, or of the input.
                     * @example amount
                     */
                    field: string;
                    /**
                     * @description The order.
                     * @default asc
                     * @enum {string}
                     */
                    order?: "asc" | "desc";
                }[];
                /** @description How many rows are written at most. */
                limit?: number;
                /**
                 * @description Where rows go: into the job's result (up to 1,000 rows and 256 KiB) or into a file of it.
                 * @default result
                 * @enum {string}
                 */
                output?: "result" | "artifact";
                /**
                 * @description The artifact's name. Default: rows.csv or rows.jsonl.
                 * @example orders.csv
                 */
                name?: string;
                /**
                 * @description The artifact's format. Default: by its name, else that of the input.
                 * @enum {string}
                 */
                output_format?: "csv" | "jsonl";
                /**
                 * Format: uri
                 * @description Where the rows are fetched: a public address, by https. HTTP_ALLOW_HTTP and HTTP_ALLOW_PRIVATE allow more.
                 * @example https://example.com/orders.csv
                 */
                url?: string;
            };
        } & (components["schemas"]["JobSettings"] & {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "process_data";
        });
        /** @description Takes jobs back from workers that are gone, so that they run again. */
        CreateRetryStalledJobsJob: {
            /**
             * @description Its name, or one of its aliases.
             * @enum {string}
             */
            type: "retry_stalled_jobs";
            /** @example {} */
            payload: {
                [key: string]: unknown;
            };
        } & (components["schemas"]["JobSettings"] & {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "retry_stalled_jobs";
        });
        /** @description Fetches a random joke and keeps it; enqueued every two minutes. */
        CreateScheduledFetchRandomJokeJob: {
            /**
             * @description Its name, or one of its aliases.
             * @enum {string}
             */
            type: "scheduled_fetch_random_joke";
            /** @example {} */
            payload: {
                [key: string]: unknown;
            };
        } & (components["schemas"]["JobSettings"] & {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "scheduled_fetch_random_joke";
        });
        /** @description Sends a mail through the server at SMTP_URL. */
        CreateSendEmailJob: {
            /**
             * @description Its name, or one of its aliases.
             * @enum {string}
             */
            type: "send_email";
            /**
             * @example {
             *       "to": [
             *         "Ada Lovelace <ada@example.org>"
             *       ],
             *       "subject": "Your report",
             *       "text": "It is attached.",
             *       "attachments": [
             *         {
             *           "filename": "report.csv",
             *           "content": "month,total\n2026-02,42\n"
             *         }
             *       ]
             *     }
             */
            payload: {
                /**
                 * @description Who gets it. `to`, `cc` and `bcc` together name at most 100 addresses.
                 * @example [
                 *       "Ada Lovelace <ada@example.org>"
                 *     ]
                 */
                to: string[];
                /** @description Who gets a copy. */
                cc?: string[];
                /** @description Who gets a copy that nobody sees in the mail. */
                bcc?: string[];
                /**
                 * @description Who sends it. Default: `MAIL_FROM`.
                 * @example Reports <reports@example.org>
                 */
                from?: string;
                /**
                 * @description Where answers go.
                 * @example support@example.org
                 */
                reply_to?: string;
                /**
                 * @description The subject, in one line.
                 * @example Your report
                 */
                subject: string;
                /**
                 * @description The mail as plain text; at least one of `text` and `html`.
                 * @example It is attached.
                 */
                text?: string;
                /** @description The mail as HTML; with `text` too, the reader’s program chooses. */
                html?: string;
                /**
                 * @description Headers of your own, `X-…` only.
                 * @example {
                 *       "X-Campaign": "spring"
                 *     }
                 */
                headers?: {
                    [key: string]: string;
                };
                /** @description Files, 25 MiB together at most. */
                attachments?: {
                    /**
                     * Format: uuid
                     * @description The job whose artifact is attached; together with `artifact`.
                     * @example 01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55
                     */
                    job_id?: string;
                    /**
                     * @description The name of the artifact; together with `job_id`.
                     * @example report.pdf
                     */
                    artifact?: string;
                    /**
                     * @description What the recipient sees the file named. Default for an artifact: its own name.
                     * @example Report February.pdf
                     */
                    filename?: string;
                    /** @description The content of a small file, in the place of `job_id` and `artifact`. */
                    content?: string;
                    /**
                     * @description How `content` is written.
                     * @default utf8
                     * @enum {string}
                     */
                    encoding?: "utf8" | "base64";
                    /**
                     * @description A media type. Default: that of the artifact, or one that suits the file name.
                     * @example application/pdf
                     */
                    content_type?: string;
                }[];
            };
        } & (components["schemas"]["JobSettings"] & {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "send_email";
        });
        CreateOtherJob: {
            /** @description A registered type (GET /job-types). Default: what `payload.task` names, else `echo`. */
            type?: string;
            /**
             * @description What the handler gets; must fit the type's schema.
             * @example {
             *       "hello": "world"
             *     }
             */
            payload: {
                [key: string]: unknown;
            };
        } & components["schemas"]["JobSettings"];
        CreateJobOfType: components["schemas"]["CreateEchoJob"] | components["schemas"]["CreateFetchAndCacheJokeJob"] | components["schemas"]["CreateGenerateReportJob"] | components["schemas"]["CreateHealthCheckTaskJob"] | components["schemas"]["CreateHttpRequestJob"] | components["schemas"]["CreateProcessDataJob"] | components["schemas"]["CreateRetryStalledJobsJob"] | components["schemas"]["CreateScheduledFetchRandomJokeJob"] | components["schemas"]["CreateSendEmailJob"];
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    listJokes: {
        parameters: {
            query?: {
                /** @description Jokes to leave out, from the newest on. */
                skip?: number;
                /** @description Jokes a page. */
                limit?: number;
                /** @description Only jokes of this category. */
                category?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A part of the jokes. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "jokes": [
                     *         {
                     *           "joke_id": "bvzcyyeyqrqs0-ynlqqfma",
                     *           "value": "Chuck Norris can divide by zero.",
                     *           "category": "dev",
                     *           "url": "https://api.chucknorris.io/jokes/bvzcyyeyqrqs0-ynlqqfma",
                     *           "icon_url": "https://api.chucknorris.io/img/avatar/chuck-norris.png",
                     *           "created_at": "2026-02-01T14:30:00.000Z",
                     *           "updated_at": "2026-02-01T14:30:00.000Z"
                     *         }
                     *       ],
                     *       "total": 42,
                     *       "skip": 0,
                     *       "limit": 10
                     *     }
                     */
                    "application/json": components["schemas"]["JokeListResponse"];
                };
            };
        };
    };
    getJoke: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The joke API's id. */
                joke_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The joke. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "joke_id": "bvzcyyeyqrqs0-ynlqqfma",
                     *       "value": "Chuck Norris can divide by zero.",
                     *       "category": "dev",
                     *       "url": "https://api.chucknorris.io/jokes/bvzcyyeyqrqs0-ynlqqfma",
                     *       "icon_url": "https://api.chucknorris.io/img/avatar/chuck-norris.png",
                     *       "created_at": "2026-02-01T14:30:00.000Z",
                     *       "updated_at": "2026-02-01T14:30:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["JokeResponse"];
                };
            };
        };
    };
    getHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All is well. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ok",
                     *       "info": {
                     *         "database": {
                     *           "status": "up",
                     *           "responseTime": 2
                     *         },
                     *         "queue": {
                     *           "status": "up",
                     *           "schema": 43,
                     *           "responseTime": 2
                     *         },
                     *         "worker": {
                     *           "status": "up",
                     *           "alive": 1,
                     *           "responseTime": 3
                     *         }
                     *       },
                     *       "error": {},
                     *       "details": {
                     *         "database": {
                     *           "status": "up",
                     *           "responseTime": 2
                     *         },
                     *         "queue": {
                     *           "status": "up",
                     *           "schema": 43,
                     *           "responseTime": 2
                     *         },
                     *         "worker": {
                     *           "status": "up",
                     *           "alive": 1,
                     *           "responseTime": 3
                     *         }
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["HealthResponse"];
                };
            };
        };
    };
    getLiveness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It does. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ok"
                     *     }
                     */
                    "application/json": components["schemas"]["LivenessResponse"];
                };
            };
        };
    };
    getReadiness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Send it requests. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ok",
                     *       "info": {
                     *         "database": {
                     *           "status": "up",
                     *           "responseTime": 2
                     *         },
                     *         "queue": {
                     *           "status": "up",
                     *           "schema": 43,
                     *           "responseTime": 2
                     *         },
                     *         "worker": {
                     *           "status": "up",
                     *           "alive": 1,
                     *           "responseTime": 3
                     *         }
                     *       },
                     *       "error": {},
                     *       "details": {
                     *         "database": {
                     *           "status": "up",
                     *           "responseTime": 2
                     *         },
                     *         "queue": {
                     *           "status": "up",
                     *           "schema": 43,
                     *           "responseTime": 2
                     *         },
                     *         "worker": {
                     *           "status": "up",
                     *           "alive": 1,
                     *           "responseTime": 3
                     *         }
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["HealthResponse"];
                };
            };
        };
    };
    getMetrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description In the text format of Prometheus. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example # HELP jobs_created_total Jobs accepted by this process.
                     *     # TYPE jobs_created_total counter
                     *     jobs_created_total{job_type="echo"} 3
                     */
                    "text/plain": string;
                };
            };
        };
    };
    listKeys: {
        parameters: {
            query?: {
                /** @description How many there are on a page at most. */
                limit?: number;
                /** @description The `next_cursor` of the page before; left out = the first page. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of keys. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "keys": [
                     *         {
                     *           "key_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *           "name": "shop",
                     *           "scopes": [
                     *             "jobs:submit@emails",
                     *             "jobs:read"
                     *           ],
                     *           "state": "active",
                     *           "expires_at": null,
                     *           "last_used_at": "2026-02-01T14:30:00.000Z",
                     *           "revoked_at": null,
                     *           "old_key_expires_at": null,
                     *           "created_by": "command line",
                     *           "created_at": "2026-02-01T14:30:00.000Z",
                     *           "rotated_at": null
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["KeyListResponse"];
                };
            };
        };
    };
    createKey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "shop",
                 *       "scopes": [
                 *         "jobs:submit@emails",
                 *         "jobs:read"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["CreateKeyRequest"];
            };
        };
        responses: {
            /** @description The key. */
            201: {
                headers: {
                    /** @description Where it is read. */
                    Location: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "key_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *       "name": "shop",
                     *       "scopes": [
                     *         "jobs:submit@emails",
                     *         "jobs:read"
                     *       ],
                     *       "state": "active",
                     *       "expires_at": null,
                     *       "last_used_at": "2026-02-01T14:30:00.000Z",
                     *       "revoked_at": null,
                     *       "old_key_expires_at": null,
                     *       "created_by": "command line",
                     *       "created_at": "2026-02-01T14:30:00.000Z",
                     *       "rotated_at": null,
                     *       "key": "rh_03LTkVY3pQ9LrPNcVR0nF1_8mJ0wLq3VnX5cT7yRz2KdH4sPb6GfA9tUeQ1iWoEaYxS0Bv4Zk2"
                     *     }
                     */
                    "application/json": components["schemas"]["NewKeyResponse"];
                };
            };
        };
    };
    getKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id that POST /keys answered with. */
                key_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The key, without itself. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "key_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *       "name": "shop",
                     *       "scopes": [
                     *         "jobs:submit@emails",
                     *         "jobs:read"
                     *       ],
                     *       "state": "active",
                     *       "expires_at": null,
                     *       "last_used_at": "2026-02-01T14:30:00.000Z",
                     *       "revoked_at": null,
                     *       "old_key_expires_at": null,
                     *       "created_by": "command line",
                     *       "created_at": "2026-02-01T14:30:00.000Z",
                     *       "rotated_at": null
                     *     }
                     */
                    "application/json": components["schemas"]["KeyResponse"];
                };
            };
        };
    };
    revokeKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id that POST /keys answered with. */
                key_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is revoked. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    rotateKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id that POST /keys answered with. */
                key_id: string;
            };
            cookie?: never;
        };
        /** @description May be absent. */
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "keep_old_for": 86400
                 *     }
                 */
                "application/json": components["schemas"]["RotateKeyRequest"];
            };
        };
        responses: {
            /** @description The same key under another secret. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "key_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *       "name": "shop",
                     *       "scopes": [
                     *         "jobs:submit@emails",
                     *         "jobs:read"
                     *       ],
                     *       "state": "active",
                     *       "expires_at": null,
                     *       "last_used_at": "2026-02-01T14:30:00.000Z",
                     *       "revoked_at": null,
                     *       "old_key_expires_at": null,
                     *       "created_by": "command line",
                     *       "created_at": "2026-02-01T14:30:00.000Z",
                     *       "rotated_at": null,
                     *       "key": "rh_03LTkVY3pQ9LrPNcVR0nF1_8mJ0wLq3VnX5cT7yRz2KdH4sPb6GfA9tUeQ1iWoEaYxS0Bv4Zk2"
                     *     }
                     */
                    "application/json": components["schemas"]["NewKeyResponse"];
                };
            };
        };
    };
    createJobs: {
        parameters: {
            query?: never;
            header?: {
                /** @description Only with a group: the same request under the same key gives back the first group, with 200. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "jobs": [
                 *         {
                 *           "payload": {
                 *             "hello": "world"
                 *           }
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["CreateBatchRequest"];
            };
        };
        responses: {
            /** @description The group that the same request has made before. */
            200: {
                headers: {
                    /** @description Where it is read. */
                    Location: string;
                    /** @description `true` when the same request had been answered before. */
                    "Idempotent-Replayed": string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "jobs": [
                     *         {
                     *           "job_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *           "status": "PENDING",
                     *           "created": true
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["BatchResponse"];
                };
            };
            /** @description Every job, accepted for good. */
            201: {
                headers: {
                    /** @description Where it is read. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "jobs": [
                     *         {
                     *           "job_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *           "status": "PENDING",
                     *           "created": true
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["BatchResponse"];
                };
            };
        };
    };
    listJobs: {
        parameters: {
            query?: {
                /** @description Only jobs of this status, in any case; other systems’ words (queued, running, done …) work too. */
                status?: string;
                /** @description Only jobs of this type. */
                type?: string;
                /** @description Only jobs of this queue. */
                queue?: string;
                /** @description Only jobs with this tag. */
                tag?: string;
                /** @description Only jobs with this lock. */
                lock?: string;
                /** @description Only the job that was submitted with this key. */
                idempotency_key?: string;
                /** @description Only jobs that satisfy each of these terms: `payload.user.id:42` and `result.path.to:value` compare what is at a path of the payload or the result, a number in the path being a place in a list; a value in quotes is a text, one without is whatever reads so. `error:"timed out"` finds a text in the error message, in any case. Values and steps with spaces, dots or colons stand in quotes, `\"` is a quote. At most 10 terms. */
                q?: string;
                /** @description Only jobs accepted at this time or later. */
                created_after?: string;
                /** @description Only jobs accepted before this time. */
                created_before?: string;
                /** @description How many there are on a page at most. */
                limit?: number;
                /** @description The `next_cursor` of the page before; left out = the first page. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of jobs. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "jobs": [
                     *         {
                     *           "job_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *           "type": "echo",
                     *           "queue_name": "default",
                     *           "status": "COMPLETED",
                     *           "priority": 5,
                     *           "payload": {
                     *             "hello": "world"
                     *           },
                     *           "result": {
                     *             "hello": "world"
                     *           },
                     *           "error_message": null,
                     *           "attempts": 1,
                     *           "max_attempts": 3,
                     *           "idempotency_key": null,
                     *           "lock": null,
                     *           "limit_key": null,
                     *           "unique_key": null,
                     *           "tags": [
                     *             "signup"
                     *           ],
                     *           "workflow_id": null,
                     *           "depends_on": [],
                     *           "progress": null,
                     *           "worker_id": null,
                     *           "created_at": "2026-02-01T14:30:00.000Z",
                     *           "updated_at": "2026-02-01T14:30:00.000Z",
                     *           "scheduled_at": "2026-02-01T14:30:00.000Z",
                     *           "started_at": "2026-02-01T14:30:00.000Z",
                     *           "finished_at": "2026-02-01T14:30:00.000Z"
                     *         }
                     *       ],
                     *       "next_cursor": null,
                     *       "incomplete": false
                     *     }
                     */
                    "application/json": components["schemas"]["JobListResponse"];
                };
            };
        };
    };
    createJob: {
        parameters: {
            query?: never;
            header?: {
                /** @description `wait=N` waits up to N seconds, at most 60, for the job to end. */
                Prefer?: string;
                /** @description Makes it safe to ask again: the same key gives back the first job, with 200 and the header Idempotent-Replayed. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateJobRequest"];
            };
        };
        responses: {
            /** @description A job that was there before and answers for this one, or has ended in the time preferred. */
            200: {
                headers: {
                    /** @description Where it is read. */
                    Location: string;
                    /** @description `true` when the same request had been answered before. */
                    "Idempotent-Replayed"?: string;
                    /** @description How long was waited for at most, such as `wait=10`. */
                    "Preference-Applied"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "job_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *       "type": "echo",
                     *       "queue_name": "default",
                     *       "status": "COMPLETED",
                     *       "priority": 5,
                     *       "payload": {
                     *         "hello": "world"
                     *       },
                     *       "result": {
                     *         "hello": "world"
                     *       },
                     *       "error_message": null,
                     *       "attempts": 1,
                     *       "max_attempts": 3,
                     *       "idempotency_key": null,
                     *       "lock": null,
                     *       "limit_key": null,
                     *       "unique_key": null,
                     *       "tags": [
                     *         "signup"
                     *       ],
                     *       "workflow_id": null,
                     *       "depends_on": [],
                     *       "progress": null,
                     *       "worker_id": null,
                     *       "created_at": "2026-02-01T14:30:00.000Z",
                     *       "updated_at": "2026-02-01T14:30:00.000Z",
                     *       "scheduled_at": "2026-02-01T14:30:00.000Z",
                     *       "started_at": "2026-02-01T14:30:00.000Z",
                     *       "finished_at": "2026-02-01T14:30:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["JobResponse"];
                };
            };
            /** @description The job, accepted for good. */
            201: {
                headers: {
                    /** @description Where it is read. */
                    Location: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "job_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *       "type": "echo",
                     *       "queue_name": "default",
                     *       "status": "COMPLETED",
                     *       "priority": 5,
                     *       "payload": {
                     *         "hello": "world"
                     *       },
                     *       "result": {
                     *         "hello": "world"
                     *       },
                     *       "error_message": null,
                     *       "attempts": 1,
                     *       "max_attempts": 3,
                     *       "idempotency_key": null,
                     *       "lock": null,
                     *       "limit_key": null,
                     *       "unique_key": null,
                     *       "tags": [
                     *         "signup"
                     *       ],
                     *       "workflow_id": null,
                     *       "depends_on": [],
                     *       "progress": null,
                     *       "worker_id": null,
                     *       "created_at": "2026-02-01T14:30:00.000Z",
                     *       "updated_at": "2026-02-01T14:30:00.000Z",
                     *       "scheduled_at": "2026-02-01T14:30:00.000Z",
                     *       "started_at": "2026-02-01T14:30:00.000Z",
                     *       "finished_at": "2026-02-01T14:30:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["JobResponse"];
                };
            };
            /** @description The job as it is after the time preferred. */
            202: {
                headers: {
                    /** @description How long was waited for at most, such as `wait=10`. */
                    "Preference-Applied": string;
                    /** @description Where it is read. */
                    Location: string;
                    /** @description `true` when the same request had been answered before. */
                    "Idempotent-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "job_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *       "type": "echo",
                     *       "queue_name": "default",
                     *       "status": "COMPLETED",
                     *       "priority": 5,
                     *       "payload": {
                     *         "hello": "world"
                     *       },
                     *       "result": {
                     *         "hello": "world"
                     *       },
                     *       "error_message": null,
                     *       "attempts": 1,
                     *       "max_attempts": 3,
                     *       "idempotency_key": null,
                     *       "lock": null,
                     *       "limit_key": null,
                     *       "unique_key": null,
                     *       "tags": [
                     *         "signup"
                     *       ],
                     *       "workflow_id": null,
                     *       "depends_on": [],
                     *       "progress": null,
                     *       "worker_id": null,
                     *       "created_at": "2026-02-01T14:30:00.000Z",
                     *       "updated_at": "2026-02-01T14:30:00.000Z",
                     *       "scheduled_at": "2026-02-01T14:30:00.000Z",
                     *       "started_at": "2026-02-01T14:30:00.000Z",
                     *       "finished_at": "2026-02-01T14:30:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["JobResponse"];
                };
            };
        };
    };
    getJob: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` that was read last. */
                "If-None-Match"?: string;
                /** @description `wait=N` waits up to N seconds, at most 60, for the job to end. */
                Prefer?: string;
            };
            path: {
                /** @description The id that the submission answered with. */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The job. */
            200: {
                headers: {
                    /** @description Its version: for `If-None-Match` of a read, and for `If-Match` of an edit where there is one. */
                    ETag: string;
                    /** @description How long was waited for at most, such as `wait=10`. */
                    "Preference-Applied"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "job_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *       "type": "echo",
                     *       "queue_name": "default",
                     *       "status": "COMPLETED",
                     *       "priority": 5,
                     *       "payload": {
                     *         "hello": "world"
                     *       },
                     *       "result": {
                     *         "hello": "world"
                     *       },
                     *       "error_message": null,
                     *       "attempts": 1,
                     *       "max_attempts": 3,
                     *       "idempotency_key": null,
                     *       "lock": null,
                     *       "limit_key": null,
                     *       "unique_key": null,
                     *       "tags": [
                     *         "signup"
                     *       ],
                     *       "workflow_id": null,
                     *       "depends_on": [],
                     *       "progress": null,
                     *       "worker_id": null,
                     *       "created_at": "2026-02-01T14:30:00.000Z",
                     *       "updated_at": "2026-02-01T14:30:00.000Z",
                     *       "scheduled_at": "2026-02-01T14:30:00.000Z",
                     *       "started_at": "2026-02-01T14:30:00.000Z",
                     *       "finished_at": "2026-02-01T14:30:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["JobResponse"];
                };
            };
            /** @description The job as it is after the time preferred. */
            202: {
                headers: {
                    /** @description How long was waited for at most, such as `wait=10`. */
                    "Preference-Applied": string;
                    /** @description Its version: for `If-None-Match` of a read, and for `If-Match` of an edit where there is one. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "job_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *       "type": "echo",
                     *       "queue_name": "default",
                     *       "status": "COMPLETED",
                     *       "priority": 5,
                     *       "payload": {
                     *         "hello": "world"
                     *       },
                     *       "result": {
                     *         "hello": "world"
                     *       },
                     *       "error_message": null,
                     *       "attempts": 1,
                     *       "max_attempts": 3,
                     *       "idempotency_key": null,
                     *       "lock": null,
                     *       "limit_key": null,
                     *       "unique_key": null,
                     *       "tags": [
                     *         "signup"
                     *       ],
                     *       "workflow_id": null,
                     *       "depends_on": [],
                     *       "progress": null,
                     *       "worker_id": null,
                     *       "created_at": "2026-02-01T14:30:00.000Z",
                     *       "updated_at": "2026-02-01T14:30:00.000Z",
                     *       "scheduled_at": "2026-02-01T14:30:00.000Z",
                     *       "started_at": "2026-02-01T14:30:00.000Z",
                     *       "finished_at": "2026-02-01T14:30:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["JobResponse"];
                };
            };
            /** @description It has not changed since (`If-None-Match`). */
            304: {
                headers: {
                    /** @description Its version: for `If-None-Match` of a read, and for `If-Match` of an edit where there is one. */
                    ETag: string;
                    /** @description How long was waited for at most, such as `wait=10`. */
                    "Preference-Applied"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    editJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id that the submission answered with. */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "priority": 1,
                 *       "scheduled_at": "2030-01-31T15:00:00Z",
                 *       "payload": {
                 *         "hello": "world"
                 *       },
                 *       "queue": "default"
                 *     }
                 */
                "application/json": components["schemas"]["EditJobRequest"];
            };
        };
        responses: {
            /** @description The job as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "job_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *       "type": "echo",
                     *       "queue_name": "default",
                     *       "status": "COMPLETED",
                     *       "priority": 5,
                     *       "payload": {
                     *         "hello": "world"
                     *       },
                     *       "result": {
                     *         "hello": "world"
                     *       },
                     *       "error_message": null,
                     *       "attempts": 1,
                     *       "max_attempts": 3,
                     *       "idempotency_key": null,
                     *       "lock": null,
                     *       "limit_key": null,
                     *       "unique_key": null,
                     *       "tags": [
                     *         "signup"
                     *       ],
                     *       "workflow_id": null,
                     *       "depends_on": [],
                     *       "progress": null,
                     *       "worker_id": null,
                     *       "created_at": "2026-02-01T14:30:00.000Z",
                     *       "updated_at": "2026-02-01T14:30:00.000Z",
                     *       "scheduled_at": "2026-02-01T14:30:00.000Z",
                     *       "started_at": "2026-02-01T14:30:00.000Z",
                     *       "finished_at": "2026-02-01T14:30:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["JobResponse"];
                };
            };
        };
    };
    listAttempts: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id that the submission answered with. */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Every execution. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "attempts": [
                     *         {
                     *           "number": 1,
                     *           "worker_id": null,
                     *           "started_at": "2026-02-01T14:30:00.000Z",
                     *           "ended_at": "2026-02-01T14:30:00.000Z",
                     *           "outcome": "completed",
                     *           "error": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["AttemptListResponse"];
                };
            };
        };
    };
    cancelJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id that the submission answered with. */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The job, cancelled. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "job_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *       "type": "echo",
                     *       "queue_name": "default",
                     *       "status": "COMPLETED",
                     *       "priority": 5,
                     *       "payload": {
                     *         "hello": "world"
                     *       },
                     *       "result": {
                     *         "hello": "world"
                     *       },
                     *       "error_message": null,
                     *       "attempts": 1,
                     *       "max_attempts": 3,
                     *       "idempotency_key": null,
                     *       "lock": null,
                     *       "limit_key": null,
                     *       "unique_key": null,
                     *       "tags": [
                     *         "signup"
                     *       ],
                     *       "workflow_id": null,
                     *       "depends_on": [],
                     *       "progress": null,
                     *       "worker_id": null,
                     *       "created_at": "2026-02-01T14:30:00.000Z",
                     *       "updated_at": "2026-02-01T14:30:00.000Z",
                     *       "scheduled_at": "2026-02-01T14:30:00.000Z",
                     *       "started_at": "2026-02-01T14:30:00.000Z",
                     *       "finished_at": "2026-02-01T14:30:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["JobResponse"];
                };
            };
            /** @description The job, which runs: its handler is told to end, and then it is cancelled. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "job_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *       "type": "echo",
                     *       "queue_name": "default",
                     *       "status": "COMPLETED",
                     *       "priority": 5,
                     *       "payload": {
                     *         "hello": "world"
                     *       },
                     *       "result": {
                     *         "hello": "world"
                     *       },
                     *       "error_message": null,
                     *       "attempts": 1,
                     *       "max_attempts": 3,
                     *       "idempotency_key": null,
                     *       "lock": null,
                     *       "limit_key": null,
                     *       "unique_key": null,
                     *       "tags": [
                     *         "signup"
                     *       ],
                     *       "workflow_id": null,
                     *       "depends_on": [],
                     *       "progress": null,
                     *       "worker_id": null,
                     *       "created_at": "2026-02-01T14:30:00.000Z",
                     *       "updated_at": "2026-02-01T14:30:00.000Z",
                     *       "scheduled_at": "2026-02-01T14:30:00.000Z",
                     *       "started_at": "2026-02-01T14:30:00.000Z",
                     *       "finished_at": "2026-02-01T14:30:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["JobResponse"];
                };
            };
        };
    };
    retryJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id that the submission answered with. */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The job, waiting again. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "job_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *       "type": "echo",
                     *       "queue_name": "default",
                     *       "status": "COMPLETED",
                     *       "priority": 5,
                     *       "payload": {
                     *         "hello": "world"
                     *       },
                     *       "result": {
                     *         "hello": "world"
                     *       },
                     *       "error_message": null,
                     *       "attempts": 1,
                     *       "max_attempts": 3,
                     *       "idempotency_key": null,
                     *       "lock": null,
                     *       "limit_key": null,
                     *       "unique_key": null,
                     *       "tags": [
                     *         "signup"
                     *       ],
                     *       "workflow_id": null,
                     *       "depends_on": [],
                     *       "progress": null,
                     *       "worker_id": null,
                     *       "created_at": "2026-02-01T14:30:00.000Z",
                     *       "updated_at": "2026-02-01T14:30:00.000Z",
                     *       "scheduled_at": "2026-02-01T14:30:00.000Z",
                     *       "started_at": "2026-02-01T14:30:00.000Z",
                     *       "finished_at": "2026-02-01T14:30:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["JobResponse"];
                };
            };
        };
    };
    runJobNow: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id that the submission answered with. */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The job, in line. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "job_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *       "type": "echo",
                     *       "queue_name": "default",
                     *       "status": "COMPLETED",
                     *       "priority": 5,
                     *       "payload": {
                     *         "hello": "world"
                     *       },
                     *       "result": {
                     *         "hello": "world"
                     *       },
                     *       "error_message": null,
                     *       "attempts": 1,
                     *       "max_attempts": 3,
                     *       "idempotency_key": null,
                     *       "lock": null,
                     *       "limit_key": null,
                     *       "unique_key": null,
                     *       "tags": [
                     *         "signup"
                     *       ],
                     *       "workflow_id": null,
                     *       "depends_on": [],
                     *       "progress": null,
                     *       "worker_id": null,
                     *       "created_at": "2026-02-01T14:30:00.000Z",
                     *       "updated_at": "2026-02-01T14:30:00.000Z",
                     *       "scheduled_at": "2026-02-01T14:30:00.000Z",
                     *       "started_at": "2026-02-01T14:30:00.000Z",
                     *       "finished_at": "2026-02-01T14:30:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["JobResponse"];
                };
            };
        };
    };
    createTask: {
        parameters: {
            query?: never;
            header?: {
                /** @description `wait=N` waits up to N seconds, at most 60, for the job to end. */
                Prefer?: string;
                /** @description Makes it safe to ask again: the same key gives back the first job, with 200 and the header Idempotent-Replayed. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description A registered type or one of its aliases. */
                type: string;
            };
            cookie?: never;
        };
        /** @description The payload; may be absent. */
        requestBody?: {
            content: {
                "application/json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description A job that was there before and answers for this one, or has ended in the time preferred. */
            200: {
                headers: {
                    /** @description Where it is read. */
                    Location: string;
                    /** @description `true` when the same request had been answered before. */
                    "Idempotent-Replayed"?: string;
                    /** @description How long was waited for at most, such as `wait=10`. */
                    "Preference-Applied"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobResponse"] | components["schemas"]["TaskQueuedResponse"];
                };
            };
            /** @description The job, accepted for good. */
            201: {
                headers: {
                    /** @description Where it is read. */
                    Location: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "job_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *       "status": "queued",
                     *       "message": "Job 01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55 queued successfully."
                     *     }
                     */
                    "application/json": components["schemas"]["TaskQueuedResponse"];
                };
            };
            /** @description The job as it is after the time preferred. */
            202: {
                headers: {
                    /** @description How long was waited for at most, such as `wait=10`. */
                    "Preference-Applied": string;
                    /** @description Where it is read. */
                    Location: string;
                    /** @description `true` when the same request had been answered before. */
                    "Idempotent-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "job_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *       "type": "echo",
                     *       "queue_name": "default",
                     *       "status": "COMPLETED",
                     *       "priority": 5,
                     *       "payload": {
                     *         "hello": "world"
                     *       },
                     *       "result": {
                     *         "hello": "world"
                     *       },
                     *       "error_message": null,
                     *       "attempts": 1,
                     *       "max_attempts": 3,
                     *       "idempotency_key": null,
                     *       "lock": null,
                     *       "limit_key": null,
                     *       "unique_key": null,
                     *       "tags": [
                     *         "signup"
                     *       ],
                     *       "workflow_id": null,
                     *       "depends_on": [],
                     *       "progress": null,
                     *       "worker_id": null,
                     *       "created_at": "2026-02-01T14:30:00.000Z",
                     *       "updated_at": "2026-02-01T14:30:00.000Z",
                     *       "scheduled_at": "2026-02-01T14:30:00.000Z",
                     *       "started_at": "2026-02-01T14:30:00.000Z",
                     *       "finished_at": "2026-02-01T14:30:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["JobResponse"];
                };
            };
        };
    };
    listJobTypes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Every job type. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "job_types": [
                     *         {
                     *           "type": "echo",
                     *           "aliases": [
                     *             "hello_world"
                     *           ],
                     *           "internal": false,
                     *           "queue_name": "default",
                     *           "external": false,
                     *           "description": "Answers with its own payload.",
                     *           "max_attempts": 3,
                     *           "backoff": {
                     *             "strategy": "exponential",
                     *             "base_delay": 1,
                     *             "max_delay": 300,
                     *             "jitter": 0.1
                     *           },
                     *           "retry_on": [
                     *             "TimeoutError"
                     *           ],
                     *           "fail_on": [
                     *             "TypeError"
                     *           ],
                     *           "unique": {
                     *             "by": [
                     *               "type"
                     *             ],
                     *             "while": "waiting",
                     *             "on_conflict": "return"
                     *           },
                     *           "timeout": 300,
                     *           "circuit": null,
                     *           "redact": [
                     *             "/card/number"
                     *           ],
                     *           "payload_schema": {
                     *             "type": "object"
                     *           },
                     *           "example": {
                     *             "hello": "world"
                     *           },
                     *           "examples": [
                     *             {
                     *               "hello": "world"
                     *             }
                     *           ]
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["JobTypeListResponse"];
                };
            };
        };
    };
    getJobType: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of the type. */
                type: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The job type. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "echo",
                     *       "aliases": [
                     *         "hello_world"
                     *       ],
                     *       "internal": false,
                     *       "queue_name": "default",
                     *       "external": false,
                     *       "description": "Answers with its own payload.",
                     *       "max_attempts": 3,
                     *       "backoff": {
                     *         "strategy": "exponential",
                     *         "base_delay": 1,
                     *         "max_delay": 300,
                     *         "jitter": 0.1
                     *       },
                     *       "retry_on": [
                     *         "TimeoutError"
                     *       ],
                     *       "fail_on": [
                     *         "TypeError"
                     *       ],
                     *       "unique": {
                     *         "by": [
                     *           "type"
                     *         ],
                     *         "while": "waiting",
                     *         "on_conflict": "return"
                     *       },
                     *       "timeout": 300,
                     *       "circuit": null,
                     *       "redact": [
                     *         "/card/number"
                     *       ],
                     *       "payload_schema": {
                     *         "type": "object"
                     *       },
                     *       "example": {
                     *         "hello": "world"
                     *       },
                     *       "examples": [
                     *         {
                     *           "hello": "world"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["JobTypeResponse"];
                };
            };
        };
    };
    declareJobType: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of the type. */
                type: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "description": "Makes an image as wide as it is wanted."
                 *     }
                 */
                "application/json": components["schemas"]["DeclareJobTypeRequest"];
            };
        };
        responses: {
            /** @description The job type, changed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "echo",
                     *       "aliases": [
                     *         "hello_world"
                     *       ],
                     *       "internal": false,
                     *       "queue_name": "default",
                     *       "external": false,
                     *       "description": "Answers with its own payload.",
                     *       "max_attempts": 3,
                     *       "backoff": {
                     *         "strategy": "exponential",
                     *         "base_delay": 1,
                     *         "max_delay": 300,
                     *         "jitter": 0.1
                     *       },
                     *       "retry_on": [
                     *         "TimeoutError"
                     *       ],
                     *       "fail_on": [
                     *         "TypeError"
                     *       ],
                     *       "unique": {
                     *         "by": [
                     *           "type"
                     *         ],
                     *         "while": "waiting",
                     *         "on_conflict": "return"
                     *       },
                     *       "timeout": 300,
                     *       "circuit": null,
                     *       "redact": [
                     *         "/card/number"
                     *       ],
                     *       "payload_schema": {
                     *         "type": "object"
                     *       },
                     *       "example": {
                     *         "hello": "world"
                     *       },
                     *       "examples": [
                     *         {
                     *           "hello": "world"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["JobTypeResponse"];
                };
            };
            /** @description The job type, which is new. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "echo",
                     *       "aliases": [
                     *         "hello_world"
                     *       ],
                     *       "internal": false,
                     *       "queue_name": "default",
                     *       "external": false,
                     *       "description": "Answers with its own payload.",
                     *       "max_attempts": 3,
                     *       "backoff": {
                     *         "strategy": "exponential",
                     *         "base_delay": 1,
                     *         "max_delay": 300,
                     *         "jitter": 0.1
                     *       },
                     *       "retry_on": [
                     *         "TimeoutError"
                     *       ],
                     *       "fail_on": [
                     *         "TypeError"
                     *       ],
                     *       "unique": {
                     *         "by": [
                     *           "type"
                     *         ],
                     *         "while": "waiting",
                     *         "on_conflict": "return"
                     *       },
                     *       "timeout": 300,
                     *       "circuit": null,
                     *       "redact": [
                     *         "/card/number"
                     *       ],
                     *       "payload_schema": {
                     *         "type": "object"
                     *       },
                     *       "example": {
                     *         "hello": "world"
                     *       },
                     *       "examples": [
                     *         {
                     *           "hello": "world"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["JobTypeResponse"];
                };
            };
        };
    };
    removeJobType: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of the type. */
                type: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is removed. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    listEvents: {
        parameters: {
            query?: {
                /** @description Only events after the one with this id. */
                after?: number;
                /** @description Events an answer; a stream has no limit. */
                limit?: number;
            };
            header?: {
                /** @description Streams: the id of the last message that arrived. */
                "Last-Event-ID"?: string;
            };
            path: {
                /** @description The id that the submission answered with. */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What happened. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "events": [
                     *         {
                     *           "id": 17,
                     *           "event": "completed",
                     *           "attempt": 1,
                     *           "at": "2026-02-01T14:30:00.000Z",
                     *           "worker_id": null,
                     *           "error": null,
                     *           "actor": null
                     *         }
                     *       ],
                     *       "next_after": null
                     *     }
                     */
                    "application/json": components["schemas"]["EventListResponse"];
                    "text/event-stream": string;
                };
            };
            /** @description A stream that comes back has had it all and the job has ended. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    listLogs: {
        parameters: {
            query?: {
                /** @description Only lines after the one with this id: the `next_after` of the page before. */
                after?: number;
                /** @description Lines a page. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The id that the submission answered with. */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of lines. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "logs": [
                     *         {
                     *           "id": 1,
                     *           "attempt": 1,
                     *           "at": "2026-02-01T14:30:00.000Z",
                     *           "level": "info",
                     *           "message": "Reading rows"
                     *         }
                     *       ],
                     *       "next_after": 200
                     *     }
                     */
                    "application/json": components["schemas"]["LogListResponse"];
                };
            };
        };
    };
    listArtifacts: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id that the submission answered with. */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Its files, by name. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "artifacts": [
                     *         {
                     *           "name": "report.pdf",
                     *           "content_type": "application/pdf",
                     *           "bytes": 48211,
                     *           "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                     *           "created_at": "2026-02-01T14:30:00.000Z",
                     *           "url": "/jobs/01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55/artifacts/report.pdf"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ArtifactListResponse"];
                };
            };
        };
    };
    getArtifact: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` that the range is of; all of it is answered when it has another. */
                "If-Range"?: string;
                /** @description One range of bytes, such as `bytes=0-99`; several at once are answered with all of it. */
                Range?: string;
                /** @description The `ETag` that was read last. */
                "If-None-Match"?: string;
            };
            path: {
                /** @description The id that the submission answered with. */
                job_id: string;
                /** @description The file's name. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Its content. */
            200: {
                headers: {
                    /** @description Its version: for `If-None-Match` of a read, and for `If-Match` of an edit where there is one. */
                    ETag: string;
                    /** @description Always `bytes`: parts can be asked for. */
                    "Accept-Ranges": string;
                    /** @description The name to save it under. */
                    "Content-Disposition": string;
                    [name: string]: unknown;
                };
                content: {
                    "*/*": string;
                };
            };
            /** @description The range. */
            206: {
                headers: {
                    /** @description Which bytes these are, of how many. */
                    "Content-Range": string;
                    /** @description Its version: for `If-None-Match` of a read, and for `If-Match` of an edit where there is one. */
                    ETag: string;
                    /** @description Always `bytes`: parts can be asked for. */
                    "Accept-Ranges": string;
                    /** @description The name to save it under. */
                    "Content-Disposition": string;
                    [name: string]: unknown;
                };
                content: {
                    "*/*": string;
                };
            };
            /** @description It has not changed since (`If-None-Match`). */
            304: {
                headers: {
                    /** @description Its version: for `If-None-Match` of a read, and for `If-Match` of an edit where there is one. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    explainJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id that the submission answered with. */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All that keeps it from running. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "job_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *       "status": "PENDING",
                     *       "reasons": [
                     *         {
                     *           "code": "in_line",
                     *           "detail": "3 jobs of queue \"default\" are ahead of it."
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ExplanationResponse"];
                };
            };
        };
    };
    listParents: {
        parameters: {
            query?: {
                /** @description How many there are on a page at most; each may bring a result of 256 KiB. */
                limit?: number;
                /** @description The `next_cursor` of the page before; left out = the first page. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description The id that the submission answered with. */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the jobs it depends on. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "parents": [
                     *         {
                     *           "job_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *           "ref": "process",
                     *           "type": "echo",
                     *           "status": "COMPLETED",
                     *           "on_failure": "cancel",
                     *           "result": {
                     *             "rows": 12
                     *           },
                     *           "error_message": null
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["ParentListResponse"];
                };
            };
        };
    };
    listQueues: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Every queue, as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "queues": [
                     *         {
                     *           "name": "default",
                     *           "paused": null,
                     *           "dead_letter_queue": "dead",
                     *           "retention": null,
                     *           "limits": null,
                     *           "limit_usage": null,
                     *           "max_waiting": 100000,
                     *           "objective": null,
                     *           "objective_status": null,
                     *           "depth": {
                     *             "BLOCKED": 0,
                     *             "PENDING": 3,
                     *             "PROCESSING": 2,
                     *             "COMPLETED": 120,
                     *             "FAILED": 1,
                     *             "CANCELLED": 0
                     *           },
                     *           "oldest_waiting": null,
                     *           "rates": {
                     *             "last_minute": {
                     *               "submitted": 60,
                     *               "completed": 58,
                     *               "failed": 0
                     *             },
                     *             "last_5_minutes": {
                     *               "submitted": 60,
                     *               "completed": 58,
                     *               "failed": 0
                     *             }
                     *           },
                     *           "seconds_to_drain": 5,
                     *           "live_workers": 1
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["QueueListResponse"];
                };
            };
        };
    };
    getQueue: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of the queue. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The queue as it is now. */
            200: {
                headers: {
                    /** @description Its version: for `If-None-Match` of a read, and for `If-Match` of an edit where there is one. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "default",
                     *       "paused": null,
                     *       "dead_letter_queue": "dead",
                     *       "retention": null,
                     *       "limits": null,
                     *       "limit_usage": null,
                     *       "max_waiting": 100000,
                     *       "objective": null,
                     *       "objective_status": null,
                     *       "depth": {
                     *         "BLOCKED": 0,
                     *         "PENDING": 3,
                     *         "PROCESSING": 2,
                     *         "COMPLETED": 120,
                     *         "FAILED": 1,
                     *         "CANCELLED": 0
                     *       },
                     *       "oldest_waiting": null,
                     *       "rates": {
                     *         "last_minute": {
                     *           "submitted": 60,
                     *           "completed": 58,
                     *           "failed": 0
                     *         },
                     *         "last_5_minutes": {
                     *           "submitted": 60,
                     *           "completed": 58,
                     *           "failed": 0
                     *         }
                     *       },
                     *       "seconds_to_drain": 5,
                     *       "live_workers": 1
                     *     }
                     */
                    "application/json": components["schemas"]["QueueResponse"];
                };
            };
        };
    };
    editQueue: {
        parameters: {
            query?: never;
            header: {
                /** @description The ETag that was read, or `*`: the edit is refused when somebody else was faster. */
                "If-Match": string;
            };
            path: {
                /** @description The name of the queue. */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "dead_letter_queue": "dead",
                 *       "retention": "none",
                 *       "max_waiting": 100000
                 *     }
                 */
                "application/json": components["schemas"]["EditQueueRequest"];
            };
        };
        responses: {
            /** @description The queue, changed. */
            200: {
                headers: {
                    /** @description Its version: for `If-None-Match` of a read, and for `If-Match` of an edit where there is one. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "default",
                     *       "paused": null,
                     *       "dead_letter_queue": "dead",
                     *       "retention": null,
                     *       "limits": null,
                     *       "limit_usage": null,
                     *       "max_waiting": 100000,
                     *       "objective": null,
                     *       "objective_status": null,
                     *       "depth": {
                     *         "BLOCKED": 0,
                     *         "PENDING": 3,
                     *         "PROCESSING": 2,
                     *         "COMPLETED": 120,
                     *         "FAILED": 1,
                     *         "CANCELLED": 0
                     *       },
                     *       "oldest_waiting": null,
                     *       "rates": {
                     *         "last_minute": {
                     *           "submitted": 60,
                     *           "completed": 58,
                     *           "failed": 0
                     *         },
                     *         "last_5_minutes": {
                     *           "submitted": 60,
                     *           "completed": 58,
                     *           "failed": 0
                     *         }
                     *       },
                     *       "seconds_to_drain": 5,
                     *       "live_workers": 1
                     *     }
                     */
                    "application/json": components["schemas"]["QueueResponse"];
                };
            };
        };
    };
    pauseQueue: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of the queue. */
                name: string;
            };
            cookie?: never;
        };
        /** @description May be absent. */
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "reason": "The mail provider is down",
                 *       "until": "2030-01-31T15:00:00Z"
                 *     }
                 */
                "application/json": components["schemas"]["PauseQueueRequest"];
            };
        };
        responses: {
            /** @description The queue, paused. */
            200: {
                headers: {
                    /** @description Its version: for `If-None-Match` of a read, and for `If-Match` of an edit where there is one. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "default",
                     *       "paused": null,
                     *       "dead_letter_queue": "dead",
                     *       "retention": null,
                     *       "limits": null,
                     *       "limit_usage": null,
                     *       "max_waiting": 100000,
                     *       "objective": null,
                     *       "objective_status": null,
                     *       "depth": {
                     *         "BLOCKED": 0,
                     *         "PENDING": 3,
                     *         "PROCESSING": 2,
                     *         "COMPLETED": 120,
                     *         "FAILED": 1,
                     *         "CANCELLED": 0
                     *       },
                     *       "oldest_waiting": null,
                     *       "rates": {
                     *         "last_minute": {
                     *           "submitted": 60,
                     *           "completed": 58,
                     *           "failed": 0
                     *         },
                     *         "last_5_minutes": {
                     *           "submitted": 60,
                     *           "completed": 58,
                     *           "failed": 0
                     *         }
                     *       },
                     *       "seconds_to_drain": 5,
                     *       "live_workers": 1
                     *     }
                     */
                    "application/json": components["schemas"]["QueueResponse"];
                };
            };
        };
    };
    resumeQueue: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of the queue. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The queue, not paused. */
            200: {
                headers: {
                    /** @description Its version: for `If-None-Match` of a read, and for `If-Match` of an edit where there is one. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "default",
                     *       "paused": null,
                     *       "dead_letter_queue": "dead",
                     *       "retention": null,
                     *       "limits": null,
                     *       "limit_usage": null,
                     *       "max_waiting": 100000,
                     *       "objective": null,
                     *       "objective_status": null,
                     *       "depth": {
                     *         "BLOCKED": 0,
                     *         "PENDING": 3,
                     *         "PROCESSING": 2,
                     *         "COMPLETED": 120,
                     *         "FAILED": 1,
                     *         "CANCELLED": 0
                     *       },
                     *       "oldest_waiting": null,
                     *       "rates": {
                     *         "last_minute": {
                     *           "submitted": 60,
                     *           "completed": 58,
                     *           "failed": 0
                     *         },
                     *         "last_5_minutes": {
                     *           "submitted": 60,
                     *           "completed": 58,
                     *           "failed": 0
                     *         }
                     *       },
                     *       "seconds_to_drain": 5,
                     *       "live_workers": 1
                     *     }
                     */
                    "application/json": components["schemas"]["QueueResponse"];
                };
            };
        };
    };
    previewTiming: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PreviewTimingRequest"];
            };
        };
        responses: {
            /** @description Its times. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "timezone": "Europe/Berlin",
                     *       "occurrences": [
                     *         {
                     *           "utc": "2026-02-02T08:30:00.000Z",
                     *           "local": "2026-02-02T09:30:00+01:00"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["PreviewResponse"];
                };
            };
        };
    };
    previewSchedule: {
        parameters: {
            query?: {
                /** @description Occurrences. */
                count?: number;
            };
            header?: never;
            path: {
                /** @description The name of the schedule. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Its times, also while paused. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "timezone": "Europe/Berlin",
                     *       "occurrences": [
                     *         {
                     *           "utc": "2026-02-02T08:30:00.000Z",
                     *           "local": "2026-02-02T09:30:00+01:00"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["PreviewResponse"];
                };
            };
        };
    };
    runSchedule: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to ask again: the same key gives back the first job, with 200 and the header Idempotent-Replayed. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The name of the schedule. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A job that was there before and answers for this one, or has ended in the time preferred. */
            200: {
                headers: {
                    /** @description Where it is read. */
                    Location: string;
                    /** @description `true` when the same request had been answered before. */
                    "Idempotent-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobResponse"] | components["schemas"]["StartedWorkflowResponse"];
                };
            };
            /** @description The job, or the workflow. */
            201: {
                headers: {
                    /** @description Where it is read. */
                    Location: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobResponse"] | components["schemas"]["StartedWorkflowResponse"];
                };
            };
        };
    };
    pauseSchedule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of the schedule. */
                name: string;
            };
            cookie?: never;
        };
        /** @description May be absent. */
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "reason": "Nobody reads the report in August"
                 *     }
                 */
                "application/json": components["schemas"]["PauseScheduleRequest"];
            };
        };
        responses: {
            /** @description The schedule, paused. */
            200: {
                headers: {
                    /** @description Its version: for `If-None-Match` of a read, and for `If-Match` of an edit where there is one. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "weekday-report",
                     *       "state": "active",
                     *       "cron": "30 9 * * MON-FRI",
                     *       "rrule": null,
                     *       "dtstart": null,
                     *       "timezone": "Europe/Berlin",
                     *       "missed": "skip",
                     *       "job": {
                     *         "type": "echo",
                     *         "payload": {
                     *           "hello": "world"
                     *         }
                     *       },
                     *       "workflow": null,
                     *       "paused": null,
                     *       "next_run_at": "2026-02-02T08:30:00.000Z",
                     *       "last_run_at": "2026-02-02T08:30:00.000Z",
                     *       "last_job_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *       "last_workflow_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *       "last_error": null,
                     *       "created_at": "2026-02-02T08:30:00.000Z",
                     *       "updated_at": "2026-02-02T08:30:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["ScheduleResponse"];
                };
            };
        };
    };
    resumeSchedule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of the schedule. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The schedule, not paused. */
            200: {
                headers: {
                    /** @description Its version: for `If-None-Match` of a read, and for `If-Match` of an edit where there is one. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "weekday-report",
                     *       "state": "active",
                     *       "cron": "30 9 * * MON-FRI",
                     *       "rrule": null,
                     *       "dtstart": null,
                     *       "timezone": "Europe/Berlin",
                     *       "missed": "skip",
                     *       "job": {
                     *         "type": "echo",
                     *         "payload": {
                     *           "hello": "world"
                     *         }
                     *       },
                     *       "workflow": null,
                     *       "paused": null,
                     *       "next_run_at": "2026-02-02T08:30:00.000Z",
                     *       "last_run_at": "2026-02-02T08:30:00.000Z",
                     *       "last_job_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *       "last_workflow_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *       "last_error": null,
                     *       "created_at": "2026-02-02T08:30:00.000Z",
                     *       "updated_at": "2026-02-02T08:30:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["ScheduleResponse"];
                };
            };
        };
    };
    listSchedules: {
        parameters: {
            query?: {
                /** @description How many there are on a page at most. */
                limit?: number;
                /** @description The `next_cursor` of the page before; left out = the first page. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of schedules. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "schedules": [
                     *         {
                     *           "name": "weekday-report",
                     *           "state": "active",
                     *           "cron": "30 9 * * MON-FRI",
                     *           "rrule": null,
                     *           "dtstart": null,
                     *           "timezone": "Europe/Berlin",
                     *           "missed": "skip",
                     *           "job": {
                     *             "type": "echo",
                     *             "payload": {
                     *               "hello": "world"
                     *             }
                     *           },
                     *           "workflow": null,
                     *           "paused": null,
                     *           "next_run_at": "2026-02-02T08:30:00.000Z",
                     *           "last_run_at": "2026-02-02T08:30:00.000Z",
                     *           "last_job_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *           "last_workflow_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *           "last_error": null,
                     *           "created_at": "2026-02-02T08:30:00.000Z",
                     *           "updated_at": "2026-02-02T08:30:00.000Z"
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["ScheduleListResponse"];
                };
            };
        };
    };
    createSchedule: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateScheduleRequest"];
            };
        };
        responses: {
            /** @description The schedule. */
            201: {
                headers: {
                    /** @description Where it is read. */
                    Location: string;
                    /** @description Its version: for `If-None-Match` of a read, and for `If-Match` of an edit where there is one. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "weekday-report",
                     *       "state": "active",
                     *       "cron": "30 9 * * MON-FRI",
                     *       "rrule": null,
                     *       "dtstart": null,
                     *       "timezone": "Europe/Berlin",
                     *       "missed": "skip",
                     *       "job": {
                     *         "type": "echo",
                     *         "payload": {
                     *           "hello": "world"
                     *         }
                     *       },
                     *       "workflow": null,
                     *       "paused": null,
                     *       "next_run_at": "2026-02-02T08:30:00.000Z",
                     *       "last_run_at": "2026-02-02T08:30:00.000Z",
                     *       "last_job_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *       "last_workflow_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *       "last_error": null,
                     *       "created_at": "2026-02-02T08:30:00.000Z",
                     *       "updated_at": "2026-02-02T08:30:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["ScheduleResponse"];
                };
            };
        };
    };
    getSchedule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of the schedule. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The schedule as it is now. */
            200: {
                headers: {
                    /** @description Its version: for `If-None-Match` of a read, and for `If-Match` of an edit where there is one. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "weekday-report",
                     *       "state": "active",
                     *       "cron": "30 9 * * MON-FRI",
                     *       "rrule": null,
                     *       "dtstart": null,
                     *       "timezone": "Europe/Berlin",
                     *       "missed": "skip",
                     *       "job": {
                     *         "type": "echo",
                     *         "payload": {
                     *           "hello": "world"
                     *         }
                     *       },
                     *       "workflow": null,
                     *       "paused": null,
                     *       "next_run_at": "2026-02-02T08:30:00.000Z",
                     *       "last_run_at": "2026-02-02T08:30:00.000Z",
                     *       "last_job_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *       "last_workflow_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *       "last_error": null,
                     *       "created_at": "2026-02-02T08:30:00.000Z",
                     *       "updated_at": "2026-02-02T08:30:00.000Z",
                     *       "runs": [
                     *         {
                     *           "occurrence": "2026-02-02T08:30:00.000Z",
                     *           "job_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *           "workflow_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *           "error": null,
                     *           "made_up": false,
                     *           "fired_at": "2026-02-02T08:30:00.000Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ScheduleWithRunsResponse"];
                };
            };
        };
    };
    deleteSchedule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of the schedule. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    editSchedule: {
        parameters: {
            query?: never;
            header: {
                /** @description The ETag that was read, or `*`: the edit is refused when somebody else was faster. */
                "If-Match": string;
            };
            path: {
                /** @description The name of the schedule. */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EditScheduleRequest"];
            };
        };
        responses: {
            /** @description The schedule, changed. */
            200: {
                headers: {
                    /** @description Its version: for `If-None-Match` of a read, and for `If-Match` of an edit where there is one. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "weekday-report",
                     *       "state": "active",
                     *       "cron": "30 9 * * MON-FRI",
                     *       "rrule": null,
                     *       "dtstart": null,
                     *       "timezone": "Europe/Berlin",
                     *       "missed": "skip",
                     *       "job": {
                     *         "type": "echo",
                     *         "payload": {
                     *           "hello": "world"
                     *         }
                     *       },
                     *       "workflow": null,
                     *       "paused": null,
                     *       "next_run_at": "2026-02-02T08:30:00.000Z",
                     *       "last_run_at": "2026-02-02T08:30:00.000Z",
                     *       "last_job_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *       "last_workflow_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *       "last_error": null,
                     *       "created_at": "2026-02-02T08:30:00.000Z",
                     *       "updated_at": "2026-02-02T08:30:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["ScheduleResponse"];
                };
            };
        };
    };
    listWorkers: {
        parameters: {
            query?: {
                /** @description How many there are on a page at most. */
                limit?: number;
                /** @description The `next_cursor` of the page before; left out = the first page. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of workers. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "workers": [
                     *         {
                     *           "id": "5b0c1b1e-9b2f-4c0e-8f0c-2b6f3c1d9a55",
                     *           "is_external": false,
                     *           "hostname": "worker-1",
                     *           "pid": 4711,
                     *           "version": "1.0.0",
                     *           "queues": [
                     *             "*"
                     *           ],
                     *           "slots": 10,
                     *           "busy": 1,
                     *           "stuck": 0,
                     *           "types": [
                     *             "echo"
                     *           ],
                     *           "state": "running",
                     *           "takes_nothing": false,
                     *           "started_at": "2026-02-01T14:30:00.000Z",
                     *           "last_seen_at": "2026-02-01T14:30:00.000Z",
                     *           "job_ids": [
                     *             "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55"
                     *           ]
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["WorkerListResponse"];
                };
            };
        };
    };
    getWorker: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the worker. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The worker. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "5b0c1b1e-9b2f-4c0e-8f0c-2b6f3c1d9a55",
                     *       "is_external": false,
                     *       "hostname": "worker-1",
                     *       "pid": 4711,
                     *       "version": "1.0.0",
                     *       "queues": [
                     *         "*"
                     *       ],
                     *       "slots": 10,
                     *       "busy": 1,
                     *       "stuck": 0,
                     *       "types": [
                     *         "echo"
                     *       ],
                     *       "state": "running",
                     *       "takes_nothing": false,
                     *       "started_at": "2026-02-01T14:30:00.000Z",
                     *       "last_seen_at": "2026-02-01T14:30:00.000Z",
                     *       "job_ids": [
                     *         "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55"
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["WorkerResponse"];
                };
            };
        };
    };
    drainWorker: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the worker. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The worker, which has been asked. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "5b0c1b1e-9b2f-4c0e-8f0c-2b6f3c1d9a55",
                     *       "is_external": false,
                     *       "hostname": "worker-1",
                     *       "pid": 4711,
                     *       "version": "1.0.0",
                     *       "queues": [
                     *         "*"
                     *       ],
                     *       "slots": 10,
                     *       "busy": 1,
                     *       "stuck": 0,
                     *       "types": [
                     *         "echo"
                     *       ],
                     *       "state": "running",
                     *       "takes_nothing": false,
                     *       "started_at": "2026-02-01T14:30:00.000Z",
                     *       "last_seen_at": "2026-02-01T14:30:00.000Z",
                     *       "job_ids": [
                     *         "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55"
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["WorkerResponse"];
                };
            };
        };
    };
    listWorkflows: {
        parameters: {
            query?: {
                /** @description How many there are on a page at most. */
                limit?: number;
                /** @description The `next_cursor` of the page before; left out = the first page. */
                cursor?: string;
                /** @description Only those of this name. */
                name?: string;
                /** @description Only those with this tag. */
                tag?: string;
                /** @description Only those of this status. */
                status?: "RUNNING" | "COMPLETED" | "FAILED" | "CANCELLED";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of workflows. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "workflows": [
                     *         {
                     *           "workflow_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *           "name": "monthly-report",
                     *           "kind": "workflow",
                     *           "tags": [
                     *             "reports"
                     *           ],
                     *           "status": "RUNNING",
                     *           "jobs": 3,
                     *           "counts": {
                     *             "BLOCKED": 1,
                     *             "PENDING": 0,
                     *             "PROCESSING": 1,
                     *             "COMPLETED": 1,
                     *             "FAILED": 0,
                     *             "CANCELLED": 0
                     *           },
                     *           "progress": 33,
                     *           "on_finished": null,
                     *           "created_at": "2026-02-01T14:30:00.000Z",
                     *           "finished_at": "2026-02-01T14:30:00.000Z"
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["WorkflowListResponse"];
                };
            };
        };
    };
    createWorkflow: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request under the same key gives back the first workflow, with 200. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "jobs": [
                 *         {
                 *           "ref": "first",
                 *           "payload": {
                 *             "hello": "world"
                 *           }
                 *         },
                 *         {
                 *           "ref": "second",
                 *           "depends_on": [
                 *             "first"
                 *           ],
                 *           "payload": {
                 *             "after": {
                 *               "$job": "first"
                 *             }
                 *           }
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["CreateWorkflowRequest"];
            };
        };
        responses: {
            /** @description The workflow that the same request has made before. */
            200: {
                headers: {
                    /** @description Where it is read. */
                    Location: string;
                    /** @description `true` when the same request had been answered before. */
                    "Idempotent-Replayed": string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "workflow_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *       "jobs": [
                     *         {
                     *           "ref": "process",
                     *           "job_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *           "status": "PENDING"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["StartedWorkflowResponse"];
                };
            };
            /** @description The workflow, accepted for good. */
            201: {
                headers: {
                    /** @description Where it is read. */
                    Location: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "workflow_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *       "jobs": [
                     *         {
                     *           "ref": "process",
                     *           "job_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *           "status": "PENDING"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["StartedWorkflowResponse"];
                };
            };
        };
    };
    getWorkflow: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id that POST /workflows, or POST /jobs/batch for a group, answered with. */
                workflow_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How far it has come. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "workflow_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *       "name": "monthly-report",
                     *       "kind": "workflow",
                     *       "tags": [
                     *         "reports"
                     *       ],
                     *       "status": "RUNNING",
                     *       "jobs": 3,
                     *       "counts": {
                     *         "BLOCKED": 1,
                     *         "PENDING": 0,
                     *         "PROCESSING": 1,
                     *         "COMPLETED": 1,
                     *         "FAILED": 0,
                     *         "CANCELLED": 0
                     *       },
                     *       "progress": 33,
                     *       "on_finished": null,
                     *       "created_at": "2026-02-01T14:30:00.000Z",
                     *       "finished_at": "2026-02-01T14:30:00.000Z",
                     *       "graph": null
                     *     }
                     */
                    "application/json": components["schemas"]["WorkflowDetailsResponse"];
                };
            };
        };
    };
    listWorkflowJobs: {
        parameters: {
            query?: {
                /** @description How many there are on a page at most. */
                limit?: number;
                /** @description The `next_cursor` of the page before; left out = the first page. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description The id that POST /workflows, or POST /jobs/batch for a group, answered with. */
                workflow_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of its jobs. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "jobs": [
                     *         {
                     *           "ref": "process",
                     *           "job_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *           "type": "echo",
                     *           "status": "COMPLETED",
                     *           "started_at": "2026-02-01T14:30:00.000Z",
                     *           "finished_at": "2026-02-01T14:30:00.000Z"
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["NodeListResponse"];
                };
            };
        };
    };
    cancelWorkflow: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id that POST /workflows, or POST /jobs/batch for a group, answered with. */
                workflow_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was cancelled. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "workflow_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *       "status": "RUNNING",
                     *       "done": 3,
                     *       "requested": 1,
                     *       "refused": 0,
                     *       "refusals": [
                     *         {
                     *           "job_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *           "code": "job_already_exists",
                     *           "detail": "Another job with the same unique key waits: cancel that one first"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["InterventionResponse"];
                };
            };
            /** @description Some run, and were told to end. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "workflow_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *       "status": "RUNNING",
                     *       "done": 3,
                     *       "requested": 1,
                     *       "refused": 0,
                     *       "refusals": [
                     *         {
                     *           "job_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *           "code": "job_already_exists",
                     *           "detail": "Another job with the same unique key waits: cancel that one first"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["InterventionResponse"];
                };
            };
        };
    };
    retryWorkflow: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id that POST /workflows, or POST /jobs/batch for a group, answered with. */
                workflow_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What runs again. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "workflow_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *       "status": "RUNNING",
                     *       "done": 3,
                     *       "requested": 1,
                     *       "refused": 0,
                     *       "refusals": [
                     *         {
                     *           "job_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *           "code": "job_already_exists",
                     *           "detail": "Another job with the same unique key waits: cancel that one first"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["InterventionResponse"];
                };
            };
        };
    };
    listBulkOperations: {
        parameters: {
            query?: {
                /** @description How many there are on a page at most. */
                limit?: number;
                /** @description The `next_cursor` of the page before; left out = the first page. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of operations. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "bulk_operations": [
                     *         {
                     *           "action": "retry",
                     *           "filter": {
                     *             "status": [
                     *               "FAILED"
                     *             ],
                     *             "queue": "emails"
                     *           },
                     *           "limit": null,
                     *           "per_second": null,
                     *           "matched_is_exact": true,
                     *           "sample": [
                     *             "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55"
                     *           ],
                     *           "operation_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *           "state": "running",
                     *           "matched": 41208,
                     *           "done": 1000,
                     *           "skipped": 2,
                     *           "failed": 0,
                     *           "errors": [
                     *             {
                     *               "code": "job_state_conflict",
                     *               "detail": "The job is PROCESSING",
                     *               "count": 2
                     *             }
                     *           ],
                     *           "rate": 49.5,
                     *           "eta": "2026-02-01T14:30:00.000Z",
                     *           "abort_requested": false,
                     *           "error_message": null,
                     *           "created_at": "2026-02-01T14:30:00.000Z",
                     *           "created_by": "anonymous",
                     *           "started_at": "2026-02-01T14:30:00.000Z",
                     *           "updated_at": "2026-02-01T14:30:00.000Z",
                     *           "finished_at": "2026-02-01T14:30:00.000Z"
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["BulkOperationListResponse"];
                };
            };
        };
    };
    createBulkOperation: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateBulkOperationRequest"];
            };
        };
        responses: {
            /** @description What would be done (`dry_run`). */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "action": "retry",
                     *       "filter": {
                     *         "status": [
                     *           "FAILED"
                     *         ],
                     *         "queue": "emails"
                     *       },
                     *       "limit": null,
                     *       "per_second": null,
                     *       "matched_is_exact": true,
                     *       "sample": [
                     *         "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55"
                     *       ],
                     *       "matched": 41208,
                     *       "would_change": 1000
                     *     }
                     */
                    "application/json": components["schemas"]["DryRunResponse"];
                };
            };
            /** @description The operation, to be done by a worker. */
            202: {
                headers: {
                    /** @description Where it is read. */
                    Location: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "action": "retry",
                     *       "filter": {
                     *         "status": [
                     *           "FAILED"
                     *         ],
                     *         "queue": "emails"
                     *       },
                     *       "limit": null,
                     *       "per_second": null,
                     *       "matched_is_exact": true,
                     *       "sample": [
                     *         "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55"
                     *       ],
                     *       "operation_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *       "state": "running",
                     *       "matched": 41208,
                     *       "done": 1000,
                     *       "skipped": 2,
                     *       "failed": 0,
                     *       "errors": [
                     *         {
                     *           "code": "job_state_conflict",
                     *           "detail": "The job is PROCESSING",
                     *           "count": 2
                     *         }
                     *       ],
                     *       "rate": 49.5,
                     *       "eta": "2026-02-01T14:30:00.000Z",
                     *       "abort_requested": false,
                     *       "error_message": null,
                     *       "created_at": "2026-02-01T14:30:00.000Z",
                     *       "created_by": "anonymous",
                     *       "started_at": "2026-02-01T14:30:00.000Z",
                     *       "updated_at": "2026-02-01T14:30:00.000Z",
                     *       "finished_at": "2026-02-01T14:30:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["BulkOperationResponse"];
                };
            };
        };
    };
    getBulkOperation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id that POST /bulk-operations answered with. */
                operation_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How far it has come. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "action": "retry",
                     *       "filter": {
                     *         "status": [
                     *           "FAILED"
                     *         ],
                     *         "queue": "emails"
                     *       },
                     *       "limit": null,
                     *       "per_second": null,
                     *       "matched_is_exact": true,
                     *       "sample": [
                     *         "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55"
                     *       ],
                     *       "operation_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *       "state": "running",
                     *       "matched": 41208,
                     *       "done": 1000,
                     *       "skipped": 2,
                     *       "failed": 0,
                     *       "errors": [
                     *         {
                     *           "code": "job_state_conflict",
                     *           "detail": "The job is PROCESSING",
                     *           "count": 2
                     *         }
                     *       ],
                     *       "rate": 49.5,
                     *       "eta": "2026-02-01T14:30:00.000Z",
                     *       "abort_requested": false,
                     *       "error_message": null,
                     *       "created_at": "2026-02-01T14:30:00.000Z",
                     *       "created_by": "anonymous",
                     *       "started_at": "2026-02-01T14:30:00.000Z",
                     *       "updated_at": "2026-02-01T14:30:00.000Z",
                     *       "finished_at": "2026-02-01T14:30:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["BulkOperationResponse"];
                };
            };
        };
    };
    abortBulkOperation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id that POST /bulk-operations answered with. */
                operation_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It stops; what it has done stays done. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "action": "retry",
                     *       "filter": {
                     *         "status": [
                     *           "FAILED"
                     *         ],
                     *         "queue": "emails"
                     *       },
                     *       "limit": null,
                     *       "per_second": null,
                     *       "matched_is_exact": true,
                     *       "sample": [
                     *         "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55"
                     *       ],
                     *       "operation_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *       "state": "running",
                     *       "matched": 41208,
                     *       "done": 1000,
                     *       "skipped": 2,
                     *       "failed": 0,
                     *       "errors": [
                     *         {
                     *           "code": "job_state_conflict",
                     *           "detail": "The job is PROCESSING",
                     *           "count": 2
                     *         }
                     *       ],
                     *       "rate": 49.5,
                     *       "eta": "2026-02-01T14:30:00.000Z",
                     *       "abort_requested": false,
                     *       "error_message": null,
                     *       "created_at": "2026-02-01T14:30:00.000Z",
                     *       "created_by": "anonymous",
                     *       "started_at": "2026-02-01T14:30:00.000Z",
                     *       "updated_at": "2026-02-01T14:30:00.000Z",
                     *       "finished_at": "2026-02-01T14:30:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["BulkOperationResponse"];
                };
            };
        };
    };
    listErrorGroups: {
        parameters: {
            query?: {
                /** @description Only groups in this state. */
                state?: "open" | "resolved" | "ignored" | "all";
                /** @description How many there are on a page at most. */
                limit?: number;
                /** @description The `next_cursor` of the page before; left out = the first page. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of groups. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "groups": [
                     *         {
                     *           "fingerprint": "9f86d081884c7d65",
                     *           "state": "open",
                     *           "regressed": false,
                     *           "changed_at": "2026-02-01T14:30:00.000Z",
                     *           "changed_by": "anonymous",
                     *           "error_name": "Error",
                     *           "message": "SMTP connection timeout",
                     *           "count": 12,
                     *           "count_is_exact": true,
                     *           "types": [
                     *             {
                     *               "type": "send_email",
                     *               "count": 12
                     *             }
                     *           ],
                     *           "queues": [
                     *             "emails"
                     *           ],
                     *           "first_seen": "2026-02-01T14:30:00.000Z",
                     *           "last_seen": "2026-02-01T14:30:00.000Z",
                     *           "job_ids": [
                     *             "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55"
                     *           ]
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["ErrorGroupListResponse"];
                };
            };
        };
    };
    getErrorGroup: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description What the errors of the group have in common. */
                fingerprint: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The group. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "fingerprint": "9f86d081884c7d65",
                     *       "state": "open",
                     *       "regressed": false,
                     *       "changed_at": "2026-02-01T14:30:00.000Z",
                     *       "changed_by": "anonymous",
                     *       "error_name": "Error",
                     *       "message": "SMTP connection timeout",
                     *       "count": 12,
                     *       "count_is_exact": true,
                     *       "types": [
                     *         {
                     *           "type": "send_email",
                     *           "count": 12
                     *         }
                     *       ],
                     *       "queues": [
                     *         "emails"
                     *       ],
                     *       "first_seen": "2026-02-01T14:30:00.000Z",
                     *       "last_seen": "2026-02-01T14:30:00.000Z",
                     *       "job_ids": [
                     *         "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55"
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ErrorGroupResponse"];
                };
            };
        };
    };
    resolveErrorGroup: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description What the errors of the group have in common. */
                fingerprint: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The group as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "fingerprint": "9f86d081884c7d65",
                     *       "state": "open",
                     *       "regressed": false,
                     *       "changed_at": "2026-02-01T14:30:00.000Z",
                     *       "changed_by": "anonymous",
                     *       "error_name": "Error",
                     *       "message": "SMTP connection timeout",
                     *       "count": 12,
                     *       "count_is_exact": true,
                     *       "types": [
                     *         {
                     *           "type": "send_email",
                     *           "count": 12
                     *         }
                     *       ],
                     *       "queues": [
                     *         "emails"
                     *       ],
                     *       "first_seen": "2026-02-01T14:30:00.000Z",
                     *       "last_seen": "2026-02-01T14:30:00.000Z",
                     *       "job_ids": [
                     *         "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55"
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ErrorGroupResponse"];
                };
            };
        };
    };
    ignoreErrorGroup: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description What the errors of the group have in common. */
                fingerprint: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The group as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "fingerprint": "9f86d081884c7d65",
                     *       "state": "open",
                     *       "regressed": false,
                     *       "changed_at": "2026-02-01T14:30:00.000Z",
                     *       "changed_by": "anonymous",
                     *       "error_name": "Error",
                     *       "message": "SMTP connection timeout",
                     *       "count": 12,
                     *       "count_is_exact": true,
                     *       "types": [
                     *         {
                     *           "type": "send_email",
                     *           "count": 12
                     *         }
                     *       ],
                     *       "queues": [
                     *         "emails"
                     *       ],
                     *       "first_seen": "2026-02-01T14:30:00.000Z",
                     *       "last_seen": "2026-02-01T14:30:00.000Z",
                     *       "job_ids": [
                     *         "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55"
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ErrorGroupResponse"];
                };
            };
        };
    };
    reopenErrorGroup: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description What the errors of the group have in common. */
                fingerprint: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The group as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "fingerprint": "9f86d081884c7d65",
                     *       "state": "open",
                     *       "regressed": false,
                     *       "changed_at": "2026-02-01T14:30:00.000Z",
                     *       "changed_by": "anonymous",
                     *       "error_name": "Error",
                     *       "message": "SMTP connection timeout",
                     *       "count": 12,
                     *       "count_is_exact": true,
                     *       "types": [
                     *         {
                     *           "type": "send_email",
                     *           "count": 12
                     *         }
                     *       ],
                     *       "queues": [
                     *         "emails"
                     *       ],
                     *       "first_seen": "2026-02-01T14:30:00.000Z",
                     *       "last_seen": "2026-02-01T14:30:00.000Z",
                     *       "job_ids": [
                     *         "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55"
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ErrorGroupResponse"];
                };
            };
        };
    };
    listDeadLetters: {
        parameters: {
            query?: {
                /** @description Only jobs of this type. */
                type?: string;
                /** @description Only jobs of this queue. */
                queue?: string;
                /** @description Only jobs that failed alike. */
                fingerprint?: string;
                /** @description Only jobs that failed at this time or later. */
                failed_after?: string;
                /** @description Only jobs that failed before this time. */
                failed_before?: string;
                /** @description How many there are on a page at most. */
                limit?: number;
                /** @description The `next_cursor` of the page before; left out = the first page. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of failed jobs. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "dead_letters": [
                     *         {
                     *           "job_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *           "type": "echo",
                     *           "queue_name": "default",
                     *           "status": "COMPLETED",
                     *           "priority": 5,
                     *           "payload": {
                     *             "hello": "world"
                     *           },
                     *           "result": {
                     *             "hello": "world"
                     *           },
                     *           "error_message": null,
                     *           "attempts": 1,
                     *           "max_attempts": 3,
                     *           "idempotency_key": null,
                     *           "lock": null,
                     *           "limit_key": null,
                     *           "unique_key": null,
                     *           "tags": [
                     *             "signup"
                     *           ],
                     *           "workflow_id": null,
                     *           "depends_on": [],
                     *           "progress": null,
                     *           "worker_id": null,
                     *           "created_at": "2026-02-01T14:30:00.000Z",
                     *           "updated_at": "2026-02-01T14:30:00.000Z",
                     *           "scheduled_at": "2026-02-01T14:30:00.000Z",
                     *           "started_at": "2026-02-01T14:30:00.000Z",
                     *           "finished_at": "2026-02-01T14:30:00.000Z",
                     *           "fingerprint": "9f86d081884c7d65",
                     *           "error": null,
                     *           "failed_at": "2026-02-01T14:30:00.000Z"
                     *         }
                     *       ],
                     *       "next_cursor": null,
                     *       "incomplete": false
                     *     }
                     */
                    "application/json": components["schemas"]["DeadLetterListResponse"];
                };
            };
        };
    };
    redriveDeadLetters: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "limit": 1000,
                 *       "per_second": 50
                 *     }
                 */
                "application/json": components["schemas"]["RedriveRequest"];
            };
        };
        responses: {
            /** @description What would be done (`dry_run`). */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "action": "retry",
                     *       "filter": {
                     *         "status": [
                     *           "FAILED"
                     *         ],
                     *         "queue": "emails"
                     *       },
                     *       "limit": null,
                     *       "per_second": null,
                     *       "matched_is_exact": true,
                     *       "sample": [
                     *         "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55"
                     *       ],
                     *       "matched": 41208,
                     *       "would_change": 1000
                     *     }
                     */
                    "application/json": components["schemas"]["DryRunResponse"];
                };
            };
            /** @description The operation, to be done by a worker. */
            202: {
                headers: {
                    /** @description Where it is read. */
                    Location: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "action": "retry",
                     *       "filter": {
                     *         "status": [
                     *           "FAILED"
                     *         ],
                     *         "queue": "emails"
                     *       },
                     *       "limit": null,
                     *       "per_second": null,
                     *       "matched_is_exact": true,
                     *       "sample": [
                     *         "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55"
                     *       ],
                     *       "operation_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *       "state": "running",
                     *       "matched": 41208,
                     *       "done": 1000,
                     *       "skipped": 2,
                     *       "failed": 0,
                     *       "errors": [
                     *         {
                     *           "code": "job_state_conflict",
                     *           "detail": "The job is PROCESSING",
                     *           "count": 2
                     *         }
                     *       ],
                     *       "rate": 49.5,
                     *       "eta": "2026-02-01T14:30:00.000Z",
                     *       "abort_requested": false,
                     *       "error_message": null,
                     *       "created_at": "2026-02-01T14:30:00.000Z",
                     *       "created_by": "anonymous",
                     *       "started_at": "2026-02-01T14:30:00.000Z",
                     *       "updated_at": "2026-02-01T14:30:00.000Z",
                     *       "finished_at": "2026-02-01T14:30:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["BulkOperationResponse"];
                };
            };
        };
    };
    discardDeadLetter: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of a job. */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone, with its history. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    listWebhooks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Every webhook, without secrets. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "webhooks": [
                     *         {
                     *           "webhook_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *           "url": "https://hooks.example/jobs",
                     *           "description": "Bookkeeping",
                     *           "events": [
                     *             "job.completed",
                     *             "job.failed"
                     *           ],
                     *           "queues": null,
                     *           "types": null,
                     *           "enabled": true,
                     *           "disabled_reason": null,
                     *           "disabled_at": null,
                     *           "failures": 0,
                     *           "failing_since": null,
                     *           "old_secret_expires_at": null,
                     *           "created_at": "2026-02-01T14:30:00.000Z",
                     *           "updated_at": "2026-02-01T14:30:00.000Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookListResponse"];
                };
            };
        };
    };
    createWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "url": "https://hooks.example/jobs",
                 *       "events": [
                 *         "job.completed",
                 *         "job.failed"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["CreateWebhookRequest"];
            };
        };
        responses: {
            /** @description The webhook, with its secret. */
            201: {
                headers: {
                    /** @description Where it is read. */
                    Location: string;
                    /** @description Its version: for `If-None-Match` of a read, and for `If-Match` of an edit where there is one. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "webhook_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *       "url": "https://hooks.example/jobs",
                     *       "description": "Bookkeeping",
                     *       "events": [
                     *         "job.completed",
                     *         "job.failed"
                     *       ],
                     *       "queues": null,
                     *       "types": null,
                     *       "enabled": true,
                     *       "disabled_reason": null,
                     *       "disabled_at": null,
                     *       "failures": 0,
                     *       "failing_since": null,
                     *       "old_secret_expires_at": null,
                     *       "created_at": "2026-02-01T14:30:00.000Z",
                     *       "updated_at": "2026-02-01T14:30:00.000Z",
                     *       "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookWithSecretResponse"];
                };
            };
        };
    };
    getWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the webhook. */
                webhook_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The webhook, without its secret. */
            200: {
                headers: {
                    /** @description Its version: for `If-None-Match` of a read, and for `If-Match` of an edit where there is one. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "webhook_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *       "url": "https://hooks.example/jobs",
                     *       "description": "Bookkeeping",
                     *       "events": [
                     *         "job.completed",
                     *         "job.failed"
                     *       ],
                     *       "queues": null,
                     *       "types": null,
                     *       "enabled": true,
                     *       "disabled_reason": null,
                     *       "disabled_at": null,
                     *       "failures": 0,
                     *       "failing_since": null,
                     *       "old_secret_expires_at": null,
                     *       "created_at": "2026-02-01T14:30:00.000Z",
                     *       "updated_at": "2026-02-01T14:30:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookResponse"];
                };
            };
        };
    };
    deleteWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the webhook. */
                webhook_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    editWebhook: {
        parameters: {
            query?: never;
            header: {
                /** @description The ETag that was read, or `*`: the edit is refused when somebody else was faster. */
                "If-Match": string;
            };
            path: {
                /** @description The id of the webhook. */
                webhook_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "url": "https://hooks.example/jobs",
                 *       "description": "Bookkeeping",
                 *       "events": [
                 *         "job.completed",
                 *         "job.failed"
                 *       ],
                 *       "queues": [
                 *         "invoices"
                 *       ],
                 *       "types": [
                 *         "send_email"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["EditWebhookRequest"];
            };
        };
        responses: {
            /** @description The webhook as it is now. */
            200: {
                headers: {
                    /** @description Its version: for `If-None-Match` of a read, and for `If-Match` of an edit where there is one. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "webhook_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *       "url": "https://hooks.example/jobs",
                     *       "description": "Bookkeeping",
                     *       "events": [
                     *         "job.completed",
                     *         "job.failed"
                     *       ],
                     *       "queues": null,
                     *       "types": null,
                     *       "enabled": true,
                     *       "disabled_reason": null,
                     *       "disabled_at": null,
                     *       "failures": 0,
                     *       "failing_since": null,
                     *       "old_secret_expires_at": null,
                     *       "created_at": "2026-02-01T14:30:00.000Z",
                     *       "updated_at": "2026-02-01T14:30:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookResponse"];
                };
            };
        };
    };
    enableWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the webhook. */
                webhook_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The webhook as it is now. */
            200: {
                headers: {
                    /** @description Its version: for `If-None-Match` of a read, and for `If-Match` of an edit where there is one. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "webhook_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *       "url": "https://hooks.example/jobs",
                     *       "description": "Bookkeeping",
                     *       "events": [
                     *         "job.completed",
                     *         "job.failed"
                     *       ],
                     *       "queues": null,
                     *       "types": null,
                     *       "enabled": true,
                     *       "disabled_reason": null,
                     *       "disabled_at": null,
                     *       "failures": 0,
                     *       "failing_since": null,
                     *       "old_secret_expires_at": null,
                     *       "created_at": "2026-02-01T14:30:00.000Z",
                     *       "updated_at": "2026-02-01T14:30:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookResponse"];
                };
            };
        };
    };
    disableWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the webhook. */
                webhook_id: string;
            };
            cookie?: never;
        };
        /** @description May be absent. */
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "reason": "Moves to another host"
                 *     }
                 */
                "application/json": components["schemas"]["DisableWebhookRequest"];
            };
        };
        responses: {
            /** @description The webhook as it is now. */
            200: {
                headers: {
                    /** @description Its version: for `If-None-Match` of a read, and for `If-Match` of an edit where there is one. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "webhook_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *       "url": "https://hooks.example/jobs",
                     *       "description": "Bookkeeping",
                     *       "events": [
                     *         "job.completed",
                     *         "job.failed"
                     *       ],
                     *       "queues": null,
                     *       "types": null,
                     *       "enabled": true,
                     *       "disabled_reason": null,
                     *       "disabled_at": null,
                     *       "failures": 0,
                     *       "failing_since": null,
                     *       "old_secret_expires_at": null,
                     *       "created_at": "2026-02-01T14:30:00.000Z",
                     *       "updated_at": "2026-02-01T14:30:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookResponse"];
                };
            };
        };
    };
    rotateWebhookSecret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the webhook. */
                webhook_id: string;
            };
            cookie?: never;
        };
        /** @description May be absent. */
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "keep_old_for": 86400
                 *     }
                 */
                "application/json": components["schemas"]["RotateSecretRequest"];
            };
        };
        responses: {
            /** @description The webhook, with its new secret. */
            200: {
                headers: {
                    /** @description Its version: for `If-None-Match` of a read, and for `If-Match` of an edit where there is one. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "webhook_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *       "url": "https://hooks.example/jobs",
                     *       "description": "Bookkeeping",
                     *       "events": [
                     *         "job.completed",
                     *         "job.failed"
                     *       ],
                     *       "queues": null,
                     *       "types": null,
                     *       "enabled": true,
                     *       "disabled_reason": null,
                     *       "disabled_at": null,
                     *       "failures": 0,
                     *       "failing_since": null,
                     *       "old_secret_expires_at": null,
                     *       "created_at": "2026-02-01T14:30:00.000Z",
                     *       "updated_at": "2026-02-01T14:30:00.000Z",
                     *       "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookWithSecretResponse"];
                };
            };
        };
    };
    testWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the webhook. */
                webhook_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The delivery, to be made. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "delivery_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *       "event_id": "evt_3f0c2b6f3c1d9a5501939c5e7a707f3e",
                     *       "event": "job.completed",
                     *       "job_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *       "workflow_id": null,
                     *       "webhook_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *       "url": "https://hooks.example/jobs",
                     *       "status": "delivered",
                     *       "attempts": 1,
                     *       "response_status": 200,
                     *       "response_body": "ok",
                     *       "duration_ms": 42,
                     *       "error": null,
                     *       "created_at": "2026-02-01T14:30:00.000Z",
                     *       "last_attempt_at": "2026-02-01T14:30:00.000Z",
                     *       "next_attempt_at": null,
                     *       "finished_at": "2026-02-01T14:30:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["DeliveryResponse"];
                };
            };
        };
    };
    listDeliveries: {
        parameters: {
            query?: {
                /** @description How many there are on a page at most. */
                limit?: number;
                /** @description The `next_cursor` of the page before; left out = the first page. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description The id of the webhook. */
                webhook_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of deliveries. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "deliveries": [
                     *         {
                     *           "delivery_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *           "event_id": "evt_3f0c2b6f3c1d9a5501939c5e7a707f3e",
                     *           "event": "job.completed",
                     *           "job_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *           "workflow_id": null,
                     *           "webhook_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *           "url": "https://hooks.example/jobs",
                     *           "status": "delivered",
                     *           "attempts": 1,
                     *           "response_status": 200,
                     *           "response_body": "ok",
                     *           "duration_ms": 42,
                     *           "error": null,
                     *           "created_at": "2026-02-01T14:30:00.000Z",
                     *           "last_attempt_at": "2026-02-01T14:30:00.000Z",
                     *           "next_attempt_at": null,
                     *           "finished_at": "2026-02-01T14:30:00.000Z"
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["DeliveryListResponse"];
                };
            };
        };
    };
    resendDelivery: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the webhook. */
                webhook_id: string;
                /** @description The id of a delivery to this webhook. */
                delivery_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The new delivery. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "delivery_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *       "event_id": "evt_3f0c2b6f3c1d9a5501939c5e7a707f3e",
                     *       "event": "job.completed",
                     *       "job_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *       "workflow_id": null,
                     *       "webhook_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *       "url": "https://hooks.example/jobs",
                     *       "status": "delivered",
                     *       "attempts": 1,
                     *       "response_status": 200,
                     *       "response_body": "ok",
                     *       "duration_ms": 42,
                     *       "error": null,
                     *       "created_at": "2026-02-01T14:30:00.000Z",
                     *       "last_attempt_at": "2026-02-01T14:30:00.000Z",
                     *       "next_attempt_at": null,
                     *       "finished_at": "2026-02-01T14:30:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["DeliveryResponse"];
                };
            };
        };
    };
    listJobDeliveries: {
        parameters: {
            query?: {
                /** @description How many there are on a page at most. */
                limit?: number;
                /** @description The `next_cursor` of the page before; left out = the first page. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description The id that the submission answered with. */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of deliveries. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "deliveries": [
                     *         {
                     *           "delivery_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *           "event_id": "evt_3f0c2b6f3c1d9a5501939c5e7a707f3e",
                     *           "event": "job.completed",
                     *           "job_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *           "workflow_id": null,
                     *           "webhook_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *           "url": "https://hooks.example/jobs",
                     *           "status": "delivered",
                     *           "attempts": 1,
                     *           "response_status": 200,
                     *           "response_body": "ok",
                     *           "duration_ms": 42,
                     *           "error": null,
                     *           "created_at": "2026-02-01T14:30:00.000Z",
                     *           "last_attempt_at": "2026-02-01T14:30:00.000Z",
                     *           "next_attempt_at": null,
                     *           "finished_at": "2026-02-01T14:30:00.000Z"
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["DeliveryListResponse"];
                };
            };
        };
    };
    listWorkflowDeliveries: {
        parameters: {
            query?: {
                /** @description How many there are on a page at most. */
                limit?: number;
                /** @description The `next_cursor` of the page before; left out = the first page. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description The id that POST /workflows, or POST /jobs/batch for a group, answered with. */
                workflow_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of deliveries. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "deliveries": [
                     *         {
                     *           "delivery_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *           "event_id": "evt_3f0c2b6f3c1d9a5501939c5e7a707f3e",
                     *           "event": "job.completed",
                     *           "job_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *           "workflow_id": null,
                     *           "webhook_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *           "url": "https://hooks.example/jobs",
                     *           "status": "delivered",
                     *           "attempts": 1,
                     *           "response_status": 200,
                     *           "response_body": "ok",
                     *           "duration_ms": 42,
                     *           "error": null,
                     *           "created_at": "2026-02-01T14:30:00.000Z",
                     *           "last_attempt_at": "2026-02-01T14:30:00.000Z",
                     *           "next_attempt_at": null,
                     *           "finished_at": "2026-02-01T14:30:00.000Z"
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["DeliveryListResponse"];
                };
            };
        };
    };
    leaseJobs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "queues": [
                 *         "images"
                 *       ],
                 *       "worker_id": "resizer-1"
                 *     }
                 */
                "application/json": components["schemas"]["LeaseJobsRequest"];
            };
        };
        responses: {
            /** @description Jobs to be run; perhaps none. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "leases": [
                     *         {
                     *           "lease_token": "rhl_AZOcXnpwfz6PDCtvPB2aVQAAAAEAPKr5JkZpP0cTq1h5wN0b2dU",
                     *           "lease_expires_at": "2026-02-01T14:30:00.000Z",
                     *           "attempt": 1,
                     *           "timeout": 300,
                     *           "traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                     *           "job": {
                     *             "job_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *             "type": "resize_image",
                     *             "queue_name": "images",
                     *             "priority": 5,
                     *             "max_attempts": 3,
                     *             "created_at": "2026-02-01T14:30:00.000Z",
                     *             "payload": {
                     *               "url": "https://example.org/a.png",
                     *               "width": 640
                     *             }
                     *           }
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["LeaseListResponse"];
                };
            };
        };
    };
    heartbeatLease: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The `lease_token`. */
                token: string;
            };
            cookie?: never;
        };
        /** @description May be absent. */
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "progress": 40,
                 *       "message": "Reading rows",
                 *       "logs": [],
                 *       "extend": 60
                 *     }
                 */
                "application/json": components["schemas"]["HeartbeatRequest"];
            };
        };
        responses: {
            /** @description The job is still yours. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "lease_expires_at": "2026-02-01T14:30:00.000Z",
                     *       "cancel_requested": false
                     *     }
                     */
                    "application/json": components["schemas"]["HeartbeatResponse"];
                };
            };
        };
    };
    completeLease: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The `lease_token`. */
                token: string;
            };
            cookie?: never;
        };
        /** @description May be absent. */
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "result": {
                 *         "width": 640
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["CompleteLeaseRequest"];
            };
        };
        responses: {
            /** @description It is written. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "job_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *       "attempt": 1,
                     *       "outcome": "completed",
                     *       "job_status": "COMPLETED"
                     *     }
                     */
                    "application/json": components["schemas"]["EndedLeaseResponse"];
                };
            };
        };
    };
    failLease: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The `lease_token`. */
                token: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "error": {
                 *         "message": "No such image"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["FailLeaseRequest"];
            };
        };
        responses: {
            /** @description It is written. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "job_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *       "attempt": 1,
                     *       "outcome": "completed",
                     *       "job_status": "COMPLETED"
                     *     }
                     */
                    "application/json": components["schemas"]["EndedLeaseResponse"];
                };
            };
        };
    };
    snoozeLease: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The `lease_token`. */
                token: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "delay": 60
                 *     }
                 */
                "application/json": components["schemas"]["SnoozeLeaseRequest"];
            };
        };
        responses: {
            /** @description It is written. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "job_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *       "attempt": 1,
                     *       "outcome": "completed",
                     *       "job_status": "COMPLETED"
                     *     }
                     */
                    "application/json": components["schemas"]["EndedLeaseResponse"];
                };
            };
        };
    };
    releaseLease: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The `lease_token`. */
                token: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is written. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "job_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *       "attempt": 1,
                     *       "outcome": "completed",
                     *       "job_status": "COMPLETED"
                     *     }
                     */
                    "application/json": components["schemas"]["EndedLeaseResponse"];
                };
            };
        };
    };
    getStats: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The figures as they are now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "total_jokes": 42,
                     *       "categories": {
                     *         "dev": 15,
                     *         "uncategorized": 27
                     *       },
                     *       "recent_jobs": 10
                     *     }
                     */
                    "application/json": components["schemas"]["StatsResponse"];
                };
            };
        };
    };
    getAdminStats: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The figures as they are now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status_breakdown": {
                     *         "BLOCKED": 0,
                     *         "PENDING": 3,
                     *         "PROCESSING": 2,
                     *         "COMPLETED": 120,
                     *         "FAILED": 1,
                     *         "CANCELLED": 0
                     *       },
                     *       "type_breakdown": {
                     *         "echo": 100,
                     *         "fetch_and_cache_joke": 26
                     *       },
                     *       "avg_attempts_for_failed_jobs": 4.5,
                     *       "recent_failures": [
                     *         {
                     *           "job_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *           "type": "fetch_and_cache_joke",
                     *           "error": "The joke API did not answer within 10 s",
                     *           "attempts": 5,
                     *           "failed_at": "2026-02-01T14:30:00.000Z"
                     *         }
                     *       ],
                     *       "throughput": {
                     *         "last_minute": {
                     *           "submitted": 60,
                     *           "completed": 58,
                     *           "failed": 1
                     *         },
                     *         "last_5_minutes": {
                     *           "submitted": 60,
                     *           "completed": 58,
                     *           "failed": 1
                     *         },
                     *         "last_hour": {
                     *           "submitted": 60,
                     *           "completed": 58,
                     *           "failed": 1
                     *         }
                     *       },
                     *       "workers_taking_nothing": 0,
                     *       "queues": [
                     *         {
                     *           "queue_name": "default",
                     *           "jobs": 120,
                     *           "wait_seconds": {
                     *             "p50": 0.02,
                     *             "p95": 0.1,
                     *             "p99": 0.5
                     *           },
                     *           "run_seconds": {
                     *             "p50": 0.02,
                     *             "p95": 0.1,
                     *             "p99": 0.5
                     *           }
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["AdminStatsResponse"];
                };
            };
        };
    };
    listAuditRecords: {
        parameters: {
            query?: {
                /** @description Only what this actor did: `key:` and the id of an API key, `anonymous`, `command line` or `service`. */
                actor?: string;
                /** @description Only this. */
                action?: "job.cancel" | "job.retry" | "job.run_now" | "job.edit" | "job.discard" | "jobs.mend" | "jobs.delete_old" | "bulk_operation.start" | "bulk_operation.abort" | "bulk_operation.complete" | "workflow.cancel" | "workflow.retry" | "queue.edit" | "queue.pause" | "queue.resume" | "schedule.create" | "schedule.edit" | "schedule.delete" | "schedule.pause" | "schedule.resume" | "schedule.run" | "webhook.create" | "webhook.edit" | "webhook.delete" | "webhook.enable" | "webhook.disable" | "webhook.rotate_secret" | "webhook.test" | "webhook.resend" | "key.create" | "key.rotate" | "key.revoke" | "job_type.declare" | "job_type.remove" | "error_group.resolve" | "error_group.ignore" | "error_group.reopen" | "worker.drain" | "audit_log.forget";
                /** @description Only what was done to things of this kind. */
                subject_type?: "job" | "jobs" | "bulk_operation" | "workflow" | "queue" | "schedule" | "webhook" | "key" | "job_type" | "error_group" | "worker" | "audit_log";
                /** @description Only what was done to the thing of this id or name. */
                subject_id?: string;
                /** @description Only what was about this queue. */
                queue?: string;
                /** @description Only what was done at this time or later. */
                from?: string;
                /** @description Only what was done before this time. */
                to?: string;
                /** @description How many there are on a page at most. */
                limit?: number;
                /** @description The `next_cursor` of the page before; left out = the first page. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of records. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "records": [
                     *         {
                     *           "id": "4711",
                     *           "at": "2026-02-01T14:30:00.000Z",
                     *           "actor": "key:01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55",
                     *           "action": "queue.pause",
                     *           "subject_type": "queue",
                     *           "subject_id": "default",
                     *           "queue": "default",
                     *           "before": {
                     *             "is_paused": false
                     *           },
                     *           "after": {
                     *             "is_paused": true
                     *           },
                     *           "request_id": "01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a56",
                     *           "login": "roundhouse_api"
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["AuditRecordListResponse"];
                };
            };
        };
    };
    getScaling: {
        parameters: {
            query?: {
                /** @description The queues that these workers serve, separated by commas; without it all of them. */
                queues?: string;
                /** @description The fewest workers; schedules and recovery need one. */
                min?: number;
                /** @description The most workers. */
                max?: number;
                /** @description The fraction of slots that is to be busy. */
                target?: number;
                /** @description Slots of one worker; without it those of the workers that serve the queues now, on average, or else WORKER_CONCURRENCY of the API. */
                slots?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As of now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "desired_workers": 4,
                     *       "current_workers": 3,
                     *       "slots_per_worker": 10,
                     *       "needed_slots": 31.4,
                     *       "queues": [
                     *         {
                     *           "name": "default",
                     *           "arrivals_per_second": 12.5,
                     *           "run_seconds": 1.6,
                     *           "running": 18,
                     *           "backlog": 40,
                     *           "needed_slots": 31.4,
                     *           "desired_workers": 4,
                     *           "held_by": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ScalingResponse"];
                };
            };
        };
    };
}
