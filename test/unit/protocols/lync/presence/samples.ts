/** Documents as servers send them, composed for these tests. */

export const roamingData = `<?xml version="1.0" encoding="utf-8"?>
<roamingData xmlns="http://schemas.microsoft.com/2006/09/sip/roaming-self"
             xmlns:cat="http://schemas.microsoft.com/2006/09/sip/categories"
             xmlns:con="http://schemas.microsoft.com/2006/09/sip/containers"
             xmlns:sub="http://schemas.microsoft.com/2006/09/sip/presence-subscribers">
  <cat:categories uri="sip:kenmyer@contoso.com">
    <cat:category name="state" instance="536870912" publishTime="2024-01-15T09:00:00.000" container="2" version="7" expireType="static">
      <state xmlns="http://schemas.microsoft.com/2006/09/sip/state" manual="true"><availability>3500</availability></state>
    </cat:category>
    <cat:category name="note" instance="0" container="200" version="4" expireType="static">
      <note xmlns="http://schemas.microsoft.com/2006/09/sip/note"><body type="personal" uri="">Out for lunch</body></note>
    </cat:category>
    <cat:category name="calendarData"/>
  </cat:categories>
  <con:containers><con:container id="2" version="0"/><con:container id="200" version="3"><con:member type="sameEnterprise"/></con:container></con:containers>
  <sub:subscribers/>
</roamingData>`;

export const wrongDelta = `<Fault xmlns="http://schemas.microsoft.com/2006/09/sip/fault">
  <Faultcode>Client.BadCall.WrongDelta</Faultcode>
  <details>
    <operation index="1" curVersion="8"/>
    <operation index="3" curVersion="2"/>
  </details>
</Fault>`;

export const resourceList = `<list xmlns="urn:ietf:params:xml:ns:rlmi" uri="sip:pilar@contoso.com" version="0" fullState="false">
  <resource uri="sip:kenmyer@contoso.com"><instance id="0" state="active" cid="kenmyer@contoso.com"/></resource>
  <resource uri="sip:adelaney@contoso.com"><instance id="0" state="resubscribe" poolFqdn="pool02.contoso.com"/></resource>
  <resource uri="sip:bobby@contoso.com"><instance id="0" state="terminated" reason="noresource"/></resource>
  <resource uri="sip:hidden@contoso.com"/>
</list>`;

export const categories = `<categories xmlns="http://schemas.microsoft.com/2006/09/sip/categories" uri="sip:kenmyer@contoso.com">
  <category name="state" instance="1" publishTime="2024-01-15T09:00:01.120">
    <state xmlns="http://schemas.microsoft.com/2006/09/sip/state" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="aggregateState">
      <availability>6500</availability><activity token="in-a-meeting" minAvailability="6500" maxAvailability="8999"/></state>
  </category>
  <category name="note" instance="0" publishTime="2024-01-15T09:00:01.120">
    <n:note xmlns:n="http://schemas.microsoft.com/2006/09/sip/note"><n:body type="personal" uri="">Edge Probes 42</n:body></n:note>
  </category>
  <category name="services"/>
  <category name="somethingNew"><note><body>Edge Probes 43</body></note></category>
</categories>`;

/** Header field and body of a notification with the list and the categories. */
export const multipart = {
  contentType: 'multipart/related;type="application/rlmi+xml";start=resourceList;boundary=7c1f00aa',
  body: [
    '--7c1f00aa',
    'Content-Transfer-Encoding: binary',
    'Content-ID: resourceList',
    'Content-Type: application/rlmi+xml;charset="utf-8"',
    '',
    resourceList,
    '--7c1f00aa',
    'Content-Transfer-Encoding: binary',
    'Content-ID: kenmyer@contoso.com',
    'Content-Type: application/msrtc-event-categories+xml',
    '',
    categories,
    '--7c1f00aa--',
    '',
  ].join('\r\n'),
};

/** Every beginning of a text, the whole included. */
export function beginningsOf(text: string): string[] {
  return Array.from({ length: text.length + 1 }, (_, length) => text.slice(0, length));
}
