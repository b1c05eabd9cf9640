class Html {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

/** Text that is HTML already: made by `html`, or vouched for by `trusted`. */
export type { Html };

// What may stand in a template: everything but `Html` is escaped.
type Fragment = string | number | Html | readonly Html[];

/** HTML from a template. Values are escaped for text and for attributes in double quotes; other places are not safe for them. */
export function html(template: TemplateStringsArray, ...values: readonly Fragment[]): Html {
  const parts = template.map((text, index) => {
    const value = values[index];
    return value === undefined ? text : text + render(value);
  });
  return new Html(parts.join(''));
}

/** Text of our own that needs no escaping, such as a style sheet. Nothing that came from outside. */
export function trusted(text: string): Html {
  return new Html(text);
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
}

function render(value: Fragment): string {
  if (value instanceof Html) return value.toString();
  if (typeof value === 'object') return value.map(String).join('');
  return escapeHtml(String(value));
}
