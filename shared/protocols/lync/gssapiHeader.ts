import { type SignatureVersion, signatureVersions } from './signatureBuffer.js';

/** The parameters of a header that carries a GSS-API scheme (MS-SIPAE 2.2), verbatim; names in lower case. */
export interface GssapiHeader {
  readonly scheme: string;
  readonly parameters: ReadonlyMap<string, string>;
}

/** Who and what a security association is with. */
export interface AssociationNames {
  readonly realm: string;
  readonly targetName: string;
}

const mostParameters = 30;

/** Reads `NTLM name="value", name=value`. Unlike a Digest header its values are signed, so that nothing in them is unescaped. */
export function readGssapiHeader(value: string): GssapiHeader {
  const [, scheme = '', list = ''] = /^(\S+)[ \t]*(.*)$/s.exec(value) ?? [];
  const parameters = new Map<string, string>();
  for (const match of list.matchAll(/([A-Za-z0-9_-]{1,64})[ \t]*=[ \t]*(?:"([^"]*)"|([^\s,"]*))/g)) {
    const [, name = '', quoted, token = ''] = match;
    if (parameters.size === mostParameters) break;
    const known = name.toLowerCase();
    if (!parameters.has(known)) parameters.set(known, quoted ?? token);
  }
  return { scheme, parameters };
}

/** The signature version of a challenge; absent means 2. A text is one that is not known here. */
export function readVersion(header: GssapiHeader): SignatureVersion | string {
  const written = header.parameters.get('version') ?? '2';
  return signatureVersions.find((version) => String(version) === written) ?? written;
}

/** The first NTLM header of a sign-in, without a token: it asks for the challenge. */
export function openingHeader(names: AssociationNames, version: SignatureVersion): string {
  return `NTLM qop="auth", ${named(names)}, gssapi-data=""${versionParameter(version)}`;
}

/** The header that answers the challenge. */
export function answeringHeader(
  names: AssociationNames,
  version: SignatureVersion,
  opaque: string,
  token: Buffer,
): string {
  const data = token.toString('base64');
  return `NTLM qop="auth", opaque="${opaque}", ${named(names)}, gssapi-data="${data}"${versionParameter(version)}`;
}

/** The header of every signed message after that. */
export function signedHeader(names: AssociationNames, opaque: string): string {
  return `NTLM qop="auth", opaque="${opaque}", ${named(names)}`;
}

/** What a signature adds to a header. */
export function signatureParameters(rand: string, num: number, signature: string): string {
  return `, crand="${rand}", cnum="${num}", response="${signature}"`;
}

function named({ realm, targetName }: AssociationNames): string {
  return `realm="${realm}", targetname="${targetName}"`;
}

/** Servers that offered none get none back. */
function versionParameter(version: SignatureVersion): string {
  return version === 2 ? '' : `, version=${version}`;
}
