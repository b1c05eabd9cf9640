import { printable } from '../domain/text.js';

/** What an administrator is told to make. */
export interface ChatSetup {
  readonly title: string;
  readonly sipDomain: string;
  /** The room's name, or its address (ma-chan://…). */
  readonly room: string;
  /** Each account once. */
  readonly sipAddresses: readonly string[];
  /** The command line that tries it out. */
  readonly run: string;
}

const name = 'Edge Probes';

/**
 * The commands that make what `persistent-chat` needs at Lync Server 2013 and Skype for Business Server 2015, to be pasted into the
 * Management Shell. Each may be run a second time: what is there already is an error that changes nothing.
 */
export function chatSetupText({ title, sipDomain, room, sipAddresses, run }: ChatSetup): string {
  const users = sipAddresses.map(quoted);
  const list = users.join(',');
  return [
    `# Persistent Chat for the monitoring of ${printable(title)} (${sipDomain}). Nothing was run: paste these lines into the Lync Server`,
    '# Management Shell or the Skype for Business Server Management Shell, signed in as a member of CsAdministrator.',
    '$pool = (Get-CsService -PersistentChatServer | Select-Object -First 1).PoolFqdn',
    '',
    '# 1. The accounts exist, are enabled, and may sign in from outside.',
    ...users.map((user) => `Get-CsUser -Identity ${user} | Select-Object SipAddress, Enabled, ExternalAccessPolicy`),
    '',
    '# 2. A policy that allows chat rooms, for these accounts alone.',
    `New-CsPersistentChatPolicy -Identity ${quoted(name)} -EnablePersistentChat $True`,
    ...users.map((user) => `Grant-CsPersistentChatPolicy -Identity ${user} -PolicyName ${quoted(name)}`),
    '',
    ...(isAddress(room) ? membersOfAddress(room, list) : roomWithMembers(room, list)),
    '',
    '# Policies take some minutes to reach every server. Then, where the monitoring is configured:',
    `#   ${run}`,
    '',
  ].join('\n');
}

function roomWithMembers(room: string, list: string): readonly string[] {
  const identity = `($pool + ${quoted(`\\${room}`)})`;
  const category = `($pool + ${quoted(`\\${name}`)})`;
  return [
    '# 3. A category that allows them, and in it the room, which nobody else may enter.',
    `New-CsPersistentChatCategory -Name ${quoted(name)} -PersistentChatPoolFqdn $pool`,
    `Set-CsPersistentChatCategory -Identity ${category} -AllowedMembers @{Add=${list}}`,
    `New-CsPersistentChatRoom -Name ${quoted(room)} -PersistentChatPoolFqdn $pool -Category ${category} -Privacy Closed -Type Normal`,
    `Set-CsPersistentChatRoom -Identity ${identity} -Members @{Add=${list}}`,
    '',
    '# 4. What there is now.',
    `Get-CsPersistentChatRoom -Identity ${identity} | Select-Object Identity, Disabled, Privacy, Type, Members`,
  ];
}

/** An address cannot be chosen: its room is there, under a name that is not known here. */
function membersOfAddress(room: string, list: string): readonly string[] {
  return [
    `# 3. The room is configured by its address, ${printable(room)}: put its name in place of ROOM, and of its category in place of CATEGORY.`,
    `Set-CsPersistentChatCategory -Identity ($pool + '\\CATEGORY') -AllowedMembers @{Add=${list}}`,
    `Set-CsPersistentChatRoom -Identity ($pool + '\\ROOM') -Members @{Add=${list}}`,
  ];
}

function isAddress(room: string): boolean {
  return /^ma-chan:\/\//i.test(room);
}

/** One argument of PowerShell as it is: nothing in it is expanded, and no quote of any kind ends it. */
function quoted(text: string): string {
  return `'${printable(text).replace(/['\u2018\u2019\u201a\u201b]/g, '$&$&')}'`;
}
