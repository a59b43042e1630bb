import { Logger } from '@nestjs/common';
import {
  type CryptoKey,
  type FlattenedJWSInput,
  type JSONWebKeySet,
  type JWSHeaderParameters,
  type LocalJWKSet,
  createLocalJWKSet,
  errors,
} from 'jose';
import { DomainError, messageOf } from '../../common/index.js';

/** Older keys are asked for again, while the old ones serve on. */
const FRESH_MS = 600_000;

/** For so long keys serve of an issuer that does not answer; whoever took one from it has as long. */
const LONGEST_MS = 24 * 3_600_000;

/** Tokens with made-up keys make us ask no more often than this. */
const COOL_DOWN_MS = 30_000;

/** An issuer that does not answer is left alone for so long. */
const PATIENCE_MS = 5_000;

const NEVER = -Infinity;

interface KnownKeys {
  readonly select: LocalJWKSet;
  readonly fetchedAt: number;
}

/** The keys of an issuer as they were a while ago: asked for when first needed, when they get old, and when one is missing. */
export class IssuerKeys {
  private readonly logger = new Logger(IssuerKeys.name);
  private known: KnownKeys | undefined;
  private pending: Promise<void> | undefined;
  /** When it did not answer last, unless it has since. */
  private failedAt = NEVER;
  private missedAt = NEVER;

  /** @param now in ms, of a clock that is never set back */
  constructor(
    private readonly fetchKeys: () => Promise<JSONWebKeySet>,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Has keys from now on. @throws DomainError issuer_unavailable */
  prepare(): Promise<unknown> {
    return this.keys();
  }

  /**
   * The key that a token says it is signed with.
   * @throws jose's JWKSNoMatchingKey when the issuer has no such key; DomainError issuer_unavailable when it cannot be
   * asked whether it has
   */
  async find(header: JWSHeaderParameters, token: FlattenedJWSInput): Promise<CryptoKey> {
    const known = await this.keys();
    try {
      return await known.select(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || !(await this.askForMissing())) throw error;
    }
    return (this.known ?? known).select(header, token);
  }

  private async keys(): Promise<KnownKeys> {
    const age = this.now() - (this.known?.fetchedAt ?? NEVER);
    if (!this.known || age > LONGEST_MS) await this.refresh();
    // Whoever calls now does not wait for keys that will most likely be the same.
    else if (age > FRESH_MS) this.refresh().catch(() => undefined);
    return this.known ?? this.unavailable();
  }

  /** Whether the keys are newer now than when one was missing. */
  private async askForMissing(): Promise<boolean> {
    if (this.pending === undefined) {
      if (this.now() - this.missedAt < COOL_DOWN_MS) {
        // The key may be one that we could not ask about.
        return this.failedAt > NEVER ? this.unavailable() : false;
      }
      this.missedAt = this.now();
    }
    await this.refresh();
    return true;
  }

  /** Asks once, however many want to know. @throws DomainError issuer_unavailable */
  private async refresh(): Promise<void> {
    if (this.pending === undefined && this.now() - this.failedAt < PATIENCE_MS) this.unavailable();
    this.pending ??= this.ask().finally(() => (this.pending = undefined));
    await this.pending;
  }

  private async ask(): Promise<void> {
    const fetchedAt = this.now();
    try {
      this.known = { select: createLocalJWKSet(await this.fetchKeys()), fetchedAt };
      this.failedAt = NEVER;
    } catch (error) {
      this.failedAt = this.now();
      this.logger.warn(`The keys of OIDC_ISSUER cannot be read: ${reasonOf(error)}`);
      this.unavailable(error);
    }
  }

  private unavailable(cause?: unknown): never {
    throw new DomainError(
      'issuer_unavailable',
      'The issuer of this token cannot be asked for its keys just now: try again in a moment, or use an API key',
      { retryAfterSeconds: PATIENCE_MS / 1000, cause },
    );
  }
}

/** `fetch failed` says nothing without its cause. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause === undefined ? messageOf(error) : `${messageOf(error)} (${messageOf(cause)})`;
}
