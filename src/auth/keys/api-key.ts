/** What an API key can be in. */
export type ApiKeyState = 'active' | 'expired' | 'revoked';

/** An API key as everybody may see it. */
export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly state: ApiKeyState;
  readonly expiresAt: Date | null;
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
  /** Until when the key before the latest rotation is accepted too. */
  readonly previousExpiresAt: Date | null;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly rotatedAt: Date | null;
}

/** The same with the one thing that nobody can ask for again. */
export interface UnveiledKey {
  readonly key: ApiKey;
  readonly token: string;
}
