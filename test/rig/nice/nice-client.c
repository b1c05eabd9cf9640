/*
 * Two agents of libnice in its mode for Office Communicator 2007 R2 and later, each with an allocation at the relay that is named on
 * the command line, look for a way to each other through their allocations alone and, over UDP, send two texts over it, the second to their active destination.
 *
 * usage: nice-client ADDRESS PORT udp|tls      user name and password, as MRAS hands them out: RELAY_USER, RELAY_PASSWORD
 * Every line says what happened. Ends with 0 when the way is found and all texts have arrived.
 *
 * Debian's package with the headers brings a whole desktop along: what is used is declared here, as libnice 0.1.18 and later have it.
 */
#include <glib-object.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct _NiceAgent NiceAgent;
typedef void NiceAddress;
typedef void (*NiceAgentRecvFunc)(NiceAgent *, guint stream, guint component, guint length, gchar *text, gpointer);

enum { MODE_OC2007R2 = 5 };
enum { RELAY_UDP = 0, RELAY_TLS = 2 };
enum { STATE_READY = 4, STATE_FAILED = 5 };

NiceAgent *nice_agent_new(GMainContext *, int mode);
guint nice_agent_add_stream(NiceAgent *, guint components);
gboolean nice_agent_set_stream_name(NiceAgent *, guint stream, const gchar *);
gboolean nice_agent_set_relay_info(NiceAgent *, guint stream, guint component, const gchar *address, guint port,
                                   const gchar *user, const gchar *password, int type);
gboolean nice_agent_add_local_address(NiceAgent *, NiceAddress *);
gboolean nice_agent_gather_candidates(NiceAgent *, guint stream);
gboolean nice_agent_attach_recv(NiceAgent *, guint stream, guint component, GMainContext *, NiceAgentRecvFunc, gpointer);
gchar *nice_agent_generate_local_sdp(NiceAgent *);
int nice_agent_parse_remote_sdp(NiceAgent *, const gchar *);
gint nice_agent_send(NiceAgent *, guint stream, guint component, guint length, const gchar *);
void nice_agent_remove_stream(NiceAgent *, guint stream);
NiceAddress *nice_address_new(void);
gboolean nice_address_set_from_string(NiceAddress *, const char *);
void nice_address_free(NiceAddress *);

typedef struct {
  NiceAgent *agent;
  const char *name;
  guint stream;
  gboolean gathered, ready;
  int texts;
} End;

static End ends[2] = {{.name = "first"}, {.name = "second"}};
static GMainLoop *loop;
static int code = 1;
/* Then libnice takes the way for a stream and frames what it sends: the checks of ICE, which have passed, have to do. */
static gboolean over_tcp;

static void say(const End *end, const char *what) {
  printf("%s %s\n", end->name, what);
  fflush(stdout);
}

static void end_both(void) {
  code = 0;
  for (int i = 0; i < 2; i++) nice_agent_remove_stream(ends[i].agent, ends[i].stream);
  g_timeout_add(500, G_SOURCE_FUNC(g_main_loop_quit), loop);
}

static void send_both(const char *first, const char *second) {
  nice_agent_send(ends[0].agent, ends[0].stream, 1, strlen(first), first);
  nice_agent_send(ends[1].agent, ends[1].stream, 1, strlen(second), second);
}

/* By now each has made the other its active destination: this text goes through as it is. */
static gboolean send_again(gpointer data) {
  send_both("through", "through");
  return FALSE;
}

static void received(NiceAgent *agent, guint stream, guint component, guint length, gchar *text, gpointer data) {
  End *end = data;
  if (length == 0) return;
  gchar *line = g_strdup_printf("received %.*s", (int)length, text);
  say(end, line);
  g_free(line);
  end->texts++;
  if (ends[0].texts == 1 && ends[1].texts == 1) g_timeout_add(500, send_again, NULL);
  if (ends[0].texts < 2 || ends[1].texts < 2) return;
  end_both();
}

static void state_changed(NiceAgent *agent, guint stream, guint component, guint state, gpointer data) {
  End *end = data;
  if (state == STATE_FAILED) {
    say(end, "failed");
    g_main_loop_quit(loop);
  }
  if (state != STATE_READY) return;
  say(end, "ready");
  end->ready = TRUE;
  if (!ends[0].ready || !ends[1].ready) return;
  if (over_tcp) {
    end_both();
    return;
  }
  send_both("hello", "howdy");
}

static void gathering_done(NiceAgent *agent, guint stream, gpointer data) {
  End *end = data;
  gchar *sdp = nice_agent_generate_local_sdp(agent);
  gchar **lines = g_strsplit(sdp, "\n", -1);
  for (gchar **line = lines; *line; line++)
    if (g_str_has_prefix(*line, "a=candidate")) say(end, *line);
  g_strfreev(lines);
  g_free(sdp);
  end->gathered = TRUE;
  say(end, "gathered");
  if (!ends[0].gathered || !ends[1].gathered) return;
  for (int i = 0; i < 2; i++) {
    gchar *remote = nice_agent_generate_local_sdp(ends[1 - i].agent);
    nice_agent_parse_remote_sdp(ends[i].agent, remote);
    g_free(remote);
  }
}

static gboolean give_up(gpointer data) {
  puts("timeout");
  g_main_loop_quit(loop);
  return FALSE;
}

static void start(End *end, gboolean controls, const char *address, guint port, int type) {
  NiceAddress *own = nice_address_new();
  end->agent = nice_agent_new(NULL, MODE_OC2007R2);
  g_object_set(end->agent, "controlling-mode", controls, "force-relay", TRUE, "upnp", FALSE, NULL);
  nice_address_set_from_string(own, "127.0.0.1");
  nice_agent_add_local_address(end->agent, own);
  nice_address_free(own);
  end->stream = nice_agent_add_stream(end->agent, 1);
  nice_agent_set_stream_name(end->agent, end->stream, "audio");
  nice_agent_set_relay_info(end->agent, end->stream, 1, address, port, g_getenv("RELAY_USER"), g_getenv("RELAY_PASSWORD"), type);
  nice_agent_attach_recv(end->agent, end->stream, 1, NULL, received, end);
  g_signal_connect(end->agent, "candidate-gathering-done", G_CALLBACK(gathering_done), end);
  g_signal_connect(end->agent, "component-state-changed", G_CALLBACK(state_changed), end);
  if (!nice_agent_gather_candidates(end->agent, end->stream)) say(end, "could not gather");
}

int main(int argc, char **argv) {
  if (argc != 4) return 2;
  loop = g_main_loop_new(NULL, FALSE);
  over_tcp = strcmp(argv[3], "tls") == 0;
  int type = over_tcp ? RELAY_TLS : RELAY_UDP;
  for (int i = 0; i < 2; i++) start(&ends[i], i == 0, argv[1], atoi(argv[2]), type);
  g_timeout_add_seconds(8, give_up, NULL);
  g_main_loop_run(loop);
  return code;
}
