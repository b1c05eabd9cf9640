import { find, readXml, type XmlElement } from '../../../sip/xmlTree.js';
import type { ExpireType, Operation } from './publications.js';

export const publishType = 'application/msrtc-category-publish+xml';

/** What a publication asks for, and in whose name. */
export interface PublishRequest {
  readonly uri: string;
  readonly operations: readonly Operation[];
}

const expireTypes: readonly ExpireType[] = ['endpoint', 'user', 'static', 'time'];
const containers = [0, 1, 2, 3, 100, 200, 300, 400, 32_000];
const mostOperations = 100;

/** Reads the body of a SERVICE that publishes (MS-PRES 2.2.2.4.2); undefined when it cannot be read. */
export function readPublish(body: string): PublishRequest | undefined {
  const root = readXml(body);
  const [publications, ...others] = root?.name === 'publish' ? find(root, 'publications') : [];
  if (root === undefined || publications === undefined || others.length > 0) return undefined;
  const elements = find(publications, 'publication');
  const outer = root.declarations + publications.declarations;
  const operations = elements.map((element) => readOperation(element, outer)).filter((one) => one !== undefined);
  if (operations.length !== elements.length || operations.length === 0 || operations.length > mostOperations)
    return undefined;
  return { uri: publications.attributes.get('uri') ?? '', operations };
}

function readOperation({ attributes, inner, declarations }: XmlElement, outer: string): Operation | undefined {
  const category = attributes.get('categoryName') ?? '';
  const [instance, container, version] = ['instance', 'container', 'version'].map((name) =>
    readNumber(attributes.get(name)),
  );
  const expireType = expireTypes.find((known) => known === (attributes.get('expireType') ?? 'static'));
  const expires = attributes.has('expires') ? readNumber(attributes.get('expires')) : undefined;
  const numbers = instance !== undefined && container !== undefined && version !== undefined;
  if (!containers.includes(container ?? -1)) return undefined;
  if (!/^[\w-]{1,64}$/.test(category) || !numbers || expireType === undefined) return undefined;
  if (attributes.has('expires') && expires === undefined) return undefined;
  if (expireType === 'time' && expires === undefined) return undefined;
  const removal = expires === 0;
  const written = { content: inner.trim(), declarations: `${outer}${declarations}` };
  return {
    category,
    instance: String(instance),
    container,
    version,
    expireType,
    seconds: expires ?? 0,
    removal,
    ...written,
  };
}

function readNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,10}$/.test(text) && Number(text) < 2 ** 32 ? Number(text) : undefined;
}
