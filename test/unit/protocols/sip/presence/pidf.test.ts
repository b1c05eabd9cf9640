import { describe, expect, test } from 'vitest';
import { readPidf, writePidf } from '../../../../../shared/protocols/sip/presence/pidf.js';

const namespace = 'urn:ietf:params:xml:ns:pidf';

describe('a presence document', () => {
  test('that is written is read again, markup and letters beyond ASCII included', () => {
    const document = writePidf({ entity: 'sip:"a&b"@contoso.com', tupleId: 't1', note: 'Grüße <b> & ✓' });

    expect(readPidf(document)).toEqual({
      kind: 'presence',
      entity: 'sip:"a&b"@contoso.com',
      tuples: [{ basic: 'open', notes: ['Grüße <b> & ✓'] }],
    });
  });

  test('of another writer is read whatever its prefixes, extensions and further tuples (RFC 3863 section 4.1)', () => {
    const document = `<?xml version="1.0"?>
      <impp:presence xmlns:impp="${namespace}" xmlns:r="urn:ietf:params:xml:ns:pidf:rpid" entity="pres:pilar@contoso.com">
        <impp:tuple id="a"><impp:status><impp:basic> closed </impp:basic><r:activities/></impp:status></impp:tuple>
        <impp:tuple id="b"><impp:note xml:lang="en">one</impp:note><impp:note>two</impp:note><r:note>not ours</r:note></impp:tuple>
        <impp:note>of the whole</impp:note>
      </impp:presence>`;

    expect(readPidf(document)).toEqual({
      kind: 'presence',
      entity: 'pres:pilar@contoso.com',
      tuples: [
        { basic: 'closed', notes: [] },
        { basic: undefined, notes: ['one', 'two'] },
      ],
    });
  });

  test.each([
    ['<presence entity="sip:a@b"/>', `the element presence in place of presence (${namespace})`],
    [`<tuple xmlns="${namespace}"/>`, `the element tuple in place of presence (${namespace})`],
    [`<presence xmlns="${namespace}"/>`, 'no entity: nobody knows whose presence it is'],
    ['<presence', 'XML that is not well-formed (1:9: document must contain a root element.)'],
    ['available', 'XML that is not well-formed (1:9: text data outside of root node.)'],
  ])('is not %s', (text, what) => {
    expect(readPidf(text)).toEqual({ kind: 'unreadable', what });
  });

  test('with a document type is not read', () => {
    const document = `<!DOCTYPE presence [<!ENTITY x SYSTEM "file:///etc/passwd">]><presence xmlns="${namespace}" entity="&x;"/>`;

    expect(readPidf(document)).toEqual({ kind: 'document-type' });
  });
});
