import type { Pool } from 'pg';

/** Processes of a server of the test's own that it stops, so that their connections hang and stay open; it must let them go on. */
export class HungBackends {
  private readonly pids = new Set<number>();

  constructor(private readonly pool: Pool) {}

  /** Whether this user may send signals to the processes of the server. */
  async areInReach(): Promise<boolean> {
    try {
      for (const pid of await this.backends('backend_type = $$client backend$$')) process.kill(pid, 0);
      return true;
    } catch {
      return false;
    }
  }

  /** Stops those that do nothing right now, among the connections of this name: one that commits would hold up the whole server. */
  async hangIdle(name: string): Promise<number[]> {
    const condition = `application_name ~ $1 AND state = 'idle'`;
    const stopped = await this.backends(condition, name);
    for (const pid of stopped) this.signal(pid, 'SIGSTOP');
    // What was sent to one before it stopped may have been begun.
    const idle = await this.backends(condition, name);
    const hung = stopped.filter((pid) => idle.includes(pid));
    for (const pid of stopped) if (!hung.includes(pid)) this.goOn(pid);
    return hung;
  }

  /** Stops one that waits for an advisory lock, in the midst of its statement; undefined while there is none. */
  async hangWaiting(name: string): Promise<number | undefined> {
    const [pid] = await this.backends(`application_name ~ $1 AND wait_event = 'advisory'`, name);
    if (pid !== undefined) this.signal(pid, 'SIGSTOP');
    return pid;
  }

  /** How many that were stopped are there still. */
  async count(): Promise<number> {
    return (await this.backends('pid = ANY($1)', [...this.pids])).length;
  }

  goOnAll(): void {
    for (const pid of this.pids) this.goOn(pid);
  }

  private goOn(pid: number): void {
    this.signal(pid, 'SIGCONT');
    this.pids.delete(pid);
  }

  private async backends(condition: string, ...values: unknown[]): Promise<number[]> {
    const { rows } = await this.pool.query<{ pid: number }>(
      `SELECT pid FROM pg_stat_activity WHERE ${condition}`,
      values,
    );
    return rows.map(({ pid }) => pid);
  }

  private signal(pid: number, signal: NodeJS.Signals): void {
    if (signal === 'SIGSTOP') this.pids.add(pid);
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended meanwhile.
    }
  }
}
