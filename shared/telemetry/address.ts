import { Secret } from '../domain/secret.js';

/** Where telemetry is sent, and as whom: by the instrumentation key alone, or also by a managed identity. */
export interface TelemetryAddress {
  readonly connectionString: Secret;
  readonly identity?: { readonly clientId?: string };
}

const guid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** Checks the two settings as Azure writes them. Throws with the setting and what was expected, never with what it held. */
export function toAddress(connectionString: Secret, authentication: string | undefined): TelemetryAddress {
  const connection = fieldsOf(connectionString.reveal());
  const endpoint = connection.get('ingestionendpoint');
  const fits = guid.test(connection.get('instrumentationkey') ?? '') && (endpoint === undefined || isHttps(endpoint));
  if (!fits) {
    const form = 'InstrumentationKey=<GUID>;IngestionEndpoint=https://…';
    throw new Error(`APPLICATIONINSIGHTS_CONNECTION_STRING: expected ${form}; no telemetry is sent`);
  }
  const normal = new Secret(formOf(connection));
  return authentication === undefined
    ? { connectionString: normal }
    : { connectionString: normal, identity: toIdentity(authentication) };
}

/** The SDK stumbles over an empty field, such as behind a last semicolon. */
function formOf(fields: ReadonlyMap<string, string>): string {
  return [...fields].map(([name, value]) => `${name}=${value}`).join(';');
}

function toIdentity(authentication: string): { readonly clientId?: string } {
  const fields = fieldsOf(authentication);
  const clientId = fields.get('clientid');
  const fits = fields.get('authorization')?.toUpperCase() === 'AAD' && (clientId === undefined || guid.test(clientId));
  if (!fits) {
    const form = 'Authorization=AAD, with ;ClientId=<GUID> for a user-assigned identity';
    throw new Error(`APPLICATIONINSIGHTS_AUTHENTICATION_STRING: expected ${form}; no telemetry is sent`);
  }
  return clientId === undefined ? {} : { clientId };
}

/** `Name=value;Name=value`, the names in small letters. */
function fieldsOf(text: string): ReadonlyMap<string, string> {
  const pairs = text.split(';').map((pair) => pair.split('='));
  return new Map(
    pairs.flatMap(([name = '', value, ...more]) =>
      value === undefined || more.length > 0 ? [] : [[name.trim().toLowerCase(), value.trim()] as const],
    ),
  );
}

/** The SDK sends over https whatever the endpoint says; what says otherwise is a mistake. */
function isHttps(endpoint: string): boolean {
  return URL.canParse(endpoint) && new URL(endpoint).protocol === 'https:';
}
