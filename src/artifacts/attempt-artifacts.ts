import type { Artifact, ArtifactContent, JobArtifacts, OpenArtifact } from './artifact.js';
import type { ArtifactStore, ArtifactWriter } from './artifact-store.js';

/** The files of jobs as one attempt may use them: it writes those of its own job, while it holds that. */
export class AttemptArtifacts implements JobArtifacts {
  constructor(
    private readonly store: ArtifactStore,
    private readonly writer: ArtifactWriter,
  ) {}

  readonly write = (name: string, contentType: string, content: ArtifactContent): Promise<Artifact> =>
    this.store.write(this.writer, name, contentType, content);

  readonly open = async (jobId: string, name: string): Promise<OpenArtifact> => {
    const { artifact, content } = await this.store.open(jobId, name);
    return { artifact, content };
  };

  readonly list = (jobId: string): Promise<Artifact[]> => this.store.list(jobId);
}
