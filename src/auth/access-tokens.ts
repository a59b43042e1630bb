import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { CONFIG, type Config } from '../config/index.js';
import type { Caller } from './caller.js';
import type { TokenVerifier } from './oidc/token-verifier.js';
import { Grants } from './scopes.js';

const FORM = /^[\w-]+\.[\w-]+\.[\w-]*$/;

/** Access tokens of the issuer in the settings; what reads them is loaded where there is one. */
@Injectable()
export class AccessTokens implements OnApplicationBootstrap {
  readonly areAccepted: boolean;
  private verifier: Promise<TokenVerifier> | undefined;

  constructor(@Inject(CONFIG) private readonly config: Config) {
    this.areAccepted = config.oidc !== undefined;
  }

  /** Whatever is wrong with the issuer is told now, and not to the first caller only; nobody waits for it. */
  onApplicationBootstrap(): void {
    if (!this.config.oidc || this.config.http.authMode === 'open') return;
    this.verifier = this.load();
    this.verifier.then((verifier) => verifier.prepare()).catch(() => undefined);
  }

  /** Whether a text has the form of one that can be accepted here. */
  mayBe(text: string): boolean {
    return this.areAccepted && FORM.test(text);
  }

  /** The caller who shows this token. @throws DomainError unauthenticated, issuer_unavailable */
  async callerWith(token: string): Promise<Caller> {
    this.verifier ??= this.load();
    const { name, scopes } = await (await this.verifier).verify(token);
    return { name, grants: new Grants(scopes) };
  }

  private async load(): Promise<TokenVerifier> {
    const { oidc } = this.config;
    if (!oidc) throw new Error('There is no issuer: ask mayBe first');
    const { TokenVerifier } = await import('./oidc/token-verifier.js');
    return new TokenVerifier(oidc);
  }
}
