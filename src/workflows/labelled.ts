import type { NewWorkflow } from '../queue/index.js';

/** By whom a workflow is started, and how what came of it is found. */
export interface Label {
  /** Who starts it, when it is not the caller. */
  readonly createdBy?: string | undefined;
  /** One more tag of the workflow, of each of its jobs and of what follows its end. */
  readonly tag?: string | undefined;
}

/** The workflow and all of its jobs with a label. */
export function labelled(workflow: NewWorkflow, { createdBy, tag }: Label): NewWorkflow {
  const label = <Labelled extends { readonly tags?: readonly string[] }>(one: Labelled): Labelled => ({
    ...one,
    ...(createdBy === undefined ? {} : { createdBy }),
    ...(tag === undefined ? {} : { tags: [...new Set([...(one.tags ?? []), tag])] }),
  });
  const { jobs, onFinished } = workflow;
  return {
    ...label(workflow),
    jobs: jobs.map(label),
    ...(onFinished ? { onFinished: label(onFinished) } : {}),
  };
}
