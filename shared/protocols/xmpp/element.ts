/** An XML element with namespaces resolved; its text is joined. */
export interface XmlElement {
  /** Namespace name; empty for none. */
  readonly namespace: string;
  readonly name: string;
  /** Attributes without a prefix, by name, and `xml:lang`. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** Its own text, not that of its children. */
  readonly text: string;
}

/** Is it the element of that name and namespace? */
export function isElement(element: XmlElement, name: string, namespace: string): boolean {
  return element.name === name && element.namespace === namespace;
}

/** The first child of that name and namespace. */
export function childOf(element: XmlElement | undefined, name: string, namespace: string): XmlElement | undefined {
  return element?.children.find((child) => isElement(child, name, namespace));
}
