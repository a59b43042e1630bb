import { MIMEType } from 'node:util';
import { InvalidArtifactError } from './artifact.errors.js';

/** Characters of a name, all of them ASCII, and of a content type. */
const LONGEST = 255;

/** No slash, no control character, no leading or trailing dot or space. */
const NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._ -]*[A-Za-z0-9_-])?$/;

/** What Windows takes for a device, whatever its ending; whoever downloads it may be there. */
const DEVICE = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9]) *(?:\.|$)/i;

/** Why this cannot be the name of a file, as the end of a sentence; undefined when it can. */
export function artifactNameFault(name: unknown): string | undefined {
  if (typeof name !== 'string') return 'must be text';
  if (name.length === 0 || name.length > LONGEST) return `must have 1 to ${LONGEST} characters`;
  if (!NAME.test(name))
    return 'may hold letters A to Z, digits, ".", "_", "-" and spaces, must begin with a letter or digit, and must not end with a dot or space';
  if (DEVICE.test(name)) return 'must not be a device name of Windows';
  return undefined;
}

/** @throws InvalidArtifactError when it cannot be a name */
export function requireArtifactName(name: unknown): void {
  const fault = artifactNameFault(name);
  if (fault) throw new InvalidArtifactError(`The name of an artifact ${fault}, unlike ${shown(name)}`);
}

/**
 * The content type in its normal form.
 * @throws InvalidArtifactError when it is none, or longer than 255 characters
 */
export function normalContentType(contentType: unknown): string {
  const normal = typeof contentType === 'string' ? parse(contentType) : undefined;
  if (normal === undefined || !/^[\x20-\x7e]{1,255}$/.test(normal))
    throw new InvalidArtifactError(
      `The content type of an artifact must be a media type of at most ${LONGEST} characters, such as "text/csv", unlike ${shown(contentType)}`,
    );
  return normal;
}

function parse(contentType: string): string | undefined {
  try {
    return String(new MIMEType(contentType));
  } catch {
    return undefined;
  }
}

function shown(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 100)) : `a value of type ${typeof value}`;
}
