import { describe, expect, test } from 'vitest';
import { type DigestCredentials, digestResponse, readDigestCredentials } from '../../../edge-simulator/sip/digest.js';

/** The example of RFC 7616 section 3.9.1. */
const published =
  'Digest username="Mufasa", realm="http-auth@example.org", uri="/dir/index.html", algorithm=ALGORITHM, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", nc=00000001, cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", qop=auth, response="RESPONSE", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"';

function credentials(text: string): DigestCredentials {
  const read = readDigestCredentials(text);
  if (typeof read !== 'object') throw new Error(String(read));
  return read;
}

describe('digest', () => {
  test.each([
    ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
    ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
  ])('gives the published response with %s', (algorithm, response) => {
    const read = credentials(published.replace('ALGORITHM', algorithm).replace('RESPONSE', response));

    expect(digestResponse(read, 'GET', 'Circle of Life')).toBe(response);
  });

  test('gives the published response of RFC 2617 section 3.5 from credentials with an MD5 default', () => {
    const read = credentials(
      'Digest username="Mufasa", realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", uri="/dir/index.html", qop=auth, nc=00000001, cnonce="0a4f113b", response="6629fae49393a05397450978507c4ef1", opaque="5ccc069c403ebaf9f0171e9517f40e41"',
    );

    expect(digestResponse(read, 'GET', 'Circle Of Life')).toBe(read.response);
  });

  test.each([
    ['Authorization lacks a parameter', 'username="Mufasa", ', ''],
    ['Authorization names an algorithm that was not offered', 'ALGORITHM', 'MD6'],
    ['Authorization names a qop that was not offered', 'qop=auth', 'qop=auth-int'],
    ['nc is not eight hexadecimal digits', 'nc=00000001', 'nc=1'],
    ['cnonce is missing', /cnonce="[^"]*", /, ''],
  ])('says of malformed credentials: %s', (reason, part, replacement) => {
    const text = published.replace(part, replacement).replace('ALGORITHM', 'MD5');

    expect(readDigestCredentials(text)).toBe(reason);
  });

  test('leaves credentials of another scheme alone', () => {
    expect(readDigestCredentials('NTLM qop="auth"')).toBeUndefined();
  });
});
