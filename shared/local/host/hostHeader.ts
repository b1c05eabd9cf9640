import { isLoopback } from '../../config/formats.js';

const loopbackNames = ['localhost', '127.0.0.1', '[::1]'];

/**
 * May a request with this Host header be answered? On a loopback address only loopback names may: a page of some other site
 * can point its own name at 127.0.0.1 and would otherwise read what this server says (DNS rebinding).
 */
export function isHostAllowed(header: string | undefined, listensOn: string): boolean {
  const name = /^([^:[\]@/\s]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i.exec(header ?? '')?.[1]?.toLowerCase();
  if (name === undefined) return false;
  return !(isLoopback(listensOn) || listensOn === 'localhost') || loopbackNames.includes(name) || name === listensOn;
}
