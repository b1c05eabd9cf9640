import { describe, expect, test } from 'vitest';
import { runCli } from '../../../shared/cli/runCli.js';
import { chatSetupText } from '../../../shared/cli/setupText.js';
import { recordedTerminal } from '../../fakes/recordedTerminal.js';

const setup = {
  title: 'Contoso Edge',
  sipDomain: 'contoso.example',
  room: 'Probe room',
  sipAddresses: ['sip:pilar@contoso.example', 'sip:kenmyer@contoso.example'],
  run: 'edge-probes run persistent-chat --edge contoso --verbose',
};

/** The lines that do something. */
function commands(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

describe('what an administrator has to make for persistent-chat', () => {
  test('is policy, category, room and members for the configured accounts', () => {
    const text = chatSetupText(setup);

    expect(commands(text)).toEqual([
      '$pool = (Get-CsService -PersistentChatServer | Select-Object -First 1).PoolFqdn',
      "Get-CsUser -Identity 'sip:pilar@contoso.example' | Select-Object SipAddress, Enabled, ExternalAccessPolicy",
      "Get-CsUser -Identity 'sip:kenmyer@contoso.example' | Select-Object SipAddress, Enabled, ExternalAccessPolicy",
      "New-CsPersistentChatPolicy -Identity 'Edge Probes' -EnablePersistentChat $True",
      "Grant-CsPersistentChatPolicy -Identity 'sip:pilar@contoso.example' -PolicyName 'Edge Probes'",
      "Grant-CsPersistentChatPolicy -Identity 'sip:kenmyer@contoso.example' -PolicyName 'Edge Probes'",
      "New-CsPersistentChatCategory -Name 'Edge Probes' -PersistentChatPoolFqdn $pool",
      "Set-CsPersistentChatCategory -Identity ($pool + '\\Edge Probes') -AllowedMembers @{Add='sip:pilar@contoso.example','sip:kenmyer@contoso.example'}",
      "New-CsPersistentChatRoom -Name 'Probe room' -PersistentChatPoolFqdn $pool -Category ($pool + '\\Edge Probes') -Privacy Closed -Type Normal",
      "Set-CsPersistentChatRoom -Identity ($pool + '\\Probe room') -Members @{Add='sip:pilar@contoso.example','sip:kenmyer@contoso.example'}",
      "Get-CsPersistentChatRoom -Identity ($pool + '\\Probe room') | Select-Object Identity, Disabled, Privacy, Type, Members",
    ]);
    expect(text).toContain('#   edge-probes run persistent-chat --edge contoso --verbose\n');
  });

  test('makes no room where the settings have its address, and adds the members to whatever it is called', () => {
    const text = chatSetupText({ ...setup, room: 'ma-chan://contoso.example/8f5ad6a8' });

    expect(text).toContain('# 3. The room is configured by its address, ma-chan://contoso.example/8f5ad6a8: ');
    expect(commands(text).filter((line) => /PersistentChatRoom/.test(line))).toEqual([
      "Set-CsPersistentChatRoom -Identity ($pool + '\\ROOM') -Members @{Add='sip:pilar@contoso.example','sip:kenmyer@contoso.example'}",
    ]);
  });

  test.each([
    ["Ken's room", "'Ken''s room'"],
    ['Ken\u2019s room', "'Ken\u2019\u2019s room'"],
    ['$(Remove-Item C:\\) `n "x"', '\'$(Remove-Item C:\\) `n "x"\''],
    ['two\nlines', "'two lines'"],
  ])('keeps a name inside of its quotes: %s', (room, written) => {
    const line = commands(chatSetupText({ ...setup, room })).find((one) => one.startsWith('New-CsPersistentChatRoom'));

    expect(line).toBe(
      `New-CsPersistentChatRoom -Name ${written} -PersistentChatPoolFqdn $pool -Category ($pool + '\\Edge Probes') -Privacy Closed -Type Normal`,
    );
  });
});

describe('--setup', () => {
  const options = ['--sip-domain', 'contoso.example', '--sip-address', 'sip:pilar@contoso.example'];
  const both = [...options, '--peer-sip-address', 'sip:kenmyer@contoso.example', '--room', 'Probe room'];

  test('prints the commands for accounts that options describe, and asks for no password', async () => {
    const terminal = recordedTerminal();
    terminal.askPassword = () => Promise.reject(new Error('asked for a password'));

    const exitCode = await runCli(['run', 'persistent-chat', '--setup', ...both], {}, terminal);

    expect(exitCode).toBe(0);
    expect(terminal.stdout).toBe(
      chatSetupText({ ...setup, title: 'command-line', run: 'the same command without --setup' }),
    );
  });

  test.each([
    [['run', 'im', '--setup'], 'edge-probes: run: --setup is for persistent-chat\n'],
    [
      ['run', 'persistent-chat', '--setup', '--json', ...both],
      'edge-probes: run: --setup does not go with --json or --verbose\n',
    ],
    [
      ['run', 'persistent-chat', '--setup', '--dialect', 'rfc', ...both.slice(0, -1), 'probes@rooms.example'],
      'edge-probes: run: --setup is for dialect lync; the edge "command-line" is rfc\n',
    ],
  ])('%j is wrong usage', async (argv, message) => {
    const terminal = recordedTerminal();

    expect(await runCli(argv, {}, terminal)).toBe(2);
    expect({ out: terminal.stdout, err: terminal.stderr }).toEqual({ out: '', err: message });
  });
});
