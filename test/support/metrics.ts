/** Numbers in Prometheus' text format. */
export class Metrics {
  private constructor(readonly text: string) {}

  static async of(base: string): Promise<Metrics> {
    const response = await fetch(`${base}/metrics`);
    if (response.status !== 200) throw new Error(`/metrics answered ${response.status}`);
    return new Metrics(await response.text());
  }

  /** The value of a series such as `jobs_created_total{job_type="echo"}`; undefined when it is not there. */
  value(series: string): number | undefined {
    const line = this.text.split('\n').find((candidate) => candidate.startsWith(`${series} `));
    return line === undefined ? undefined : Number(line.slice(series.length + 1));
  }
}
