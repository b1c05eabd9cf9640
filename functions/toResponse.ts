import type { HttpResponseInit } from '@azure/functions';
import type { Answer } from '../shared/service.js';

const always = { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'no-referrer' };

/** An answer as the Functions host takes it. */
export function toResponse(answer: Answer): HttpResponseInit {
  if (answer.kind === 'json') {
    return { status: answer.status, jsonBody: answer.document, headers: { ...always, ...answer.headers } };
  }
  const { html, contentSecurityPolicy } = answer.page;
  const headers = {
    ...always,
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': contentSecurityPolicy,
  };
  return { status: answer.status, body: html, headers };
}
