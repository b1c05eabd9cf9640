/** One item of telemetry, in the words of Application Insights. */
export type TelemetryItem = AvailabilityItem | DependencyItem | EventItem | ExceptionItem;

interface Item {
  /** Milliseconds since the epoch; of what lasts, its start. */
  readonly timeMs: number;
  readonly operationId: string;
  readonly parentId?: string | undefined;
  readonly properties: Properties;
  readonly measurements: Measurements;
}

export interface AvailabilityItem extends Item {
  readonly kind: 'availability';
  readonly id: string;
  readonly name: string;
  readonly runLocation: string;
  readonly durationMs: number;
  readonly success: boolean;
  readonly message: string;
}

export interface DependencyItem extends Item {
  readonly kind: 'dependency';
  readonly name: string;
  readonly type: string;
  readonly target: string;
  readonly resultCode: string;
  readonly durationMs: number;
  readonly success: boolean;
}

export interface EventItem extends Item {
  readonly kind: 'event';
  readonly name: string;
}

export interface ExceptionItem extends Item {
  readonly kind: 'exception';
  readonly typeName: string;
  readonly message: string;
  readonly stack: string;
}

export type Properties = Readonly<Record<string, string>>;
export type Measurements = Readonly<Record<string, number>>;
