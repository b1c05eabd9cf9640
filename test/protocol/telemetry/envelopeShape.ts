/** An item as the ingestion endpoint receives it. */
export interface Envelope {
  readonly ver: number;
  readonly name: string;
  readonly time: string;
  readonly sampleRate: number;
  readonly iKey: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly data: { readonly baseType: string; readonly baseData: Readonly<Record<string, unknown>> };
}

type Check = (value: unknown) => boolean;

const text =
  (longest: number, shortest = 1): Check =>
  (value) =>
    typeof value === 'string' && value.length >= shortest && value.length <= longest;
const yesOrNo: Check = (value) => typeof value === 'boolean';
const timeSpan: Check = (value) => typeof value === 'string' && /^(\d{1,3}\.)?\d\d:\d\d:\d\d(\.\d{1,7})?$/.test(value);
const isTwo: Check = (value) => value === 2;

/** The published schemas of the four kinds (Application Insights, EndpointSpecs), with their greatest lengths. */
const kinds: Readonly<Record<string, { readonly name: string; readonly fields: Readonly<Record<string, Check>> }>> = {
  AvailabilityData: {
    name: 'Availability',
    fields: {
      ver: isTwo,
      id: text(512),
      name: text(1024),
      duration: timeSpan,
      success: yesOrNo,
      runLocation: text(1024),
      message: text(8192, 0),
    },
  },
  RemoteDependencyData: {
    name: 'RemoteDependency',
    fields: {
      ver: isTwo,
      id: text(128),
      name: text(1024),
      duration: timeSpan,
      success: yesOrNo,
      type: text(1024),
      target: text(1024),
      resultCode: text(1024),
    },
  },
  EventData: { name: 'Event', fields: { ver: isTwo, name: text(512) } },
  ExceptionData: {
    name: 'Exception',
    fields: {
      ver: isTwo,
      severityLevel: (value) => value === 'Error',
      exceptions: (value) => Array.isArray(value) && value.length === 1 && areExceptionDetails(value[0]),
    },
  },
};

/** Everything in which an envelope departs from the published schemas, in words. */
export function shapeProblems(envelope: Envelope): string[] {
  const { baseType, baseData } = envelope.data;
  const kind = kinds[baseType];
  if (!kind) return [`baseType ${baseType} is none of ${Object.keys(kinds).join(', ')}`];
  const { properties = {}, measurements = {}, ...fields } = baseData;
  const wrong = Object.entries(kind.fields).filter(([field, check]) => !check(fields[field]));
  const unknown = Object.keys(fields).filter((field) => !(field in kind.fields));
  return [
    ...headProblems(envelope, `Microsoft.ApplicationInsights.${kind.name}`),
    ...wrong.map(([field]) => `${baseType}.${field} is ${JSON.stringify(fields[field])}`),
    ...unknown.map((field) => `${baseType} has no ${field}`),
    ...mapProblems(baseType, 'properties', properties, text(8192, 0)),
    ...mapProblems(baseType, 'measurements', measurements, (value) => Number.isFinite(value)),
  ];
}

function headProblems({ ver, name, time, sampleRate, iKey, tags }: Envelope, expectedName: string): string[] {
  const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(time);
  const fits: [string, boolean][] = [
    ['ver', ver === 1],
    ['name', name === expectedName],
    ['time', isTime],
    ['sampleRate', sampleRate === 100],
    ['iKey', /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(iKey)],
    ['operation id', /^[\da-f]{32}$/.test(tags['ai.operation.id'] ?? '')],
    ['parent id', (tags['ai.operation.parentId'] ?? '').length <= 128],
    ['role', text(256)(tags['ai.cloud.role'])],
    ['role instance', text(256)(tags['ai.cloud.roleInstance'])],
    ['SDK version', text(64)(tags['ai.internal.sdkVersion'])],
  ];
  return fits
    .filter(([, good]) => !good)
    .map(([what]) => `${what} is wrong in ${JSON.stringify({ ver, name, time, sampleRate, iKey, tags })}`);
}

function mapProblems(baseType: string, field: string, map: unknown, check: Check): string[] {
  if (typeof map !== 'object' || map === null) return [`${baseType}.${field} is no object`];
  return Object.entries(map)
    .filter(([key, value]) => key.length > 150 || !check(value))
    .map(([key, value]) => `${baseType}.${field}.${key} is ${JSON.stringify(value)}`);
}

function areExceptionDetails(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { typeName, message, hasFullStack, parsedStack } = value as Readonly<Record<string, unknown>>;
  return text(1024)(typeName) && text(32_768)(message) && yesOrNo(hasFullStack) && Array.isArray(parsedStack);
}
