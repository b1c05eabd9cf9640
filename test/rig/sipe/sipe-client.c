/*
 * A libpurple client without a window: signs one account of the SIPE plugin on, says on standard output what becomes of it, a line
 * for each event, and signs it off when standard input ends.
 *
 *   sipe-client FOLDER SIP-NAME,LOGIN HOST:PORT     (the password in SIPE_PASSWORD; DEBUG set: libpurple's own log as well)
 */
#define PURPLE_PLUGINS
#include <glib.h>
#include <purple.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static GMainLoop *loop;
static PurpleAccount *account;

/* libpurple leaves sockets and timers to its user interface: here GLib's main loop has them. */
typedef struct {
  PurpleInputFunction call;
  gpointer data;
} Watch;

static gboolean on_ready(GIOChannel *channel, GIOCondition condition, gpointer data) {
  Watch *watch = data;
  int ready = 0;
  if (condition & (G_IO_IN | G_IO_HUP | G_IO_ERR)) ready |= PURPLE_INPUT_READ;
  if (condition & (G_IO_OUT | G_IO_HUP | G_IO_ERR | G_IO_NVAL)) ready |= PURPLE_INPUT_WRITE;
  watch->call(watch->data, g_io_channel_unix_get_fd(channel), ready);
  return TRUE;
}

static guint watch_input(gint descriptor, PurpleInputCondition wanted, PurpleInputFunction call, gpointer data) {
  Watch *watch = g_new0(Watch, 1);
  GIOChannel *channel = g_io_channel_unix_new(descriptor);
  GIOCondition condition = 0;
  guint id;
  watch->call = call;
  watch->data = data;
  if (wanted & PURPLE_INPUT_READ) condition |= G_IO_IN | G_IO_HUP | G_IO_ERR;
  if (wanted & PURPLE_INPUT_WRITE) condition |= G_IO_OUT | G_IO_HUP | G_IO_ERR | G_IO_NVAL;
  id = g_io_add_watch_full(channel, G_PRIORITY_DEFAULT, condition, on_ready, watch, g_free);
  g_io_channel_unref(channel);
  return id;
}

static PurpleEventLoopUiOps event_loop = {
  .timeout_add = g_timeout_add,
  .timeout_remove = g_source_remove,
  .input_add = watch_input,
  .input_remove = g_source_remove,
  .timeout_add_seconds = g_timeout_add_seconds,
};

static void say(const char *event, const char *text) {
  printf("%s%s%s\n", event, *text ? " " : "", text);
  fflush(stdout);
}

static void on_signed_on(PurpleConnection *connection, gpointer data) {
  say("signed-on", "");
}

static void on_signed_off(PurpleConnection *connection, gpointer data) {
  say("signed-off", "");
  g_main_loop_quit(loop);
}

static void on_error(PurpleConnection *connection, PurpleConnectionError reason, const char *text, gpointer data) {
  say("connection-error", text ? text : "");
}

static gboolean on_standard_input(GIOChannel *channel, GIOCondition condition, gpointer data) {
  char *line = NULL;
  if (g_io_channel_read_line(channel, &line, NULL, NULL, NULL) == G_IO_STATUS_NORMAL) {
    g_free(line);
    return TRUE;
  }
  if (purple_account_is_disconnected(account)) g_main_loop_quit(loop);
  else purple_account_disconnect(account);
  return FALSE;
}

static void sign_on(const char *name, const char *server) {
  const char *password = g_getenv("SIPE_PASSWORD");
  account = purple_account_new(name, "prpl-sipe");
  purple_account_set_password(account, password ? password : "");
  purple_account_set_string(account, "server", server);
  purple_account_set_string(account, "transport", "tls");
  purple_account_set_string(account, "authentication", "ntlm");
  purple_accounts_add(account);
  purple_account_set_enabled(account, "edge-probes", TRUE);
  purple_savedstatus_activate(purple_savedstatus_new(NULL, PURPLE_STATUS_AVAILABLE));
}

int main(int count, char **arguments) {
  static int handle;
  if (count != 4) {
    fprintf(stderr, "usage: sipe-client FOLDER SIP-NAME,LOGIN HOST:PORT\n");
    return 2;
  }
  signal(SIGPIPE, SIG_IGN);
  loop = g_main_loop_new(NULL, FALSE);
  purple_util_set_user_dir(arguments[1]);
  purple_debug_set_enabled(g_getenv("DEBUG") != NULL);
  purple_eventloop_set_ui_ops(&event_loop);
  purple_plugins_add_search_path("/usr/lib/purple-2");
  if (!purple_core_init("edge-probes")) return 1;
  purple_set_blist(purple_blist_new());
  purple_prefs_load();
  purple_signal_connect(purple_connections_get_handle(), "signed-on", &handle, PURPLE_CALLBACK(on_signed_on), NULL);
  purple_signal_connect(purple_connections_get_handle(), "signed-off", &handle, PURPLE_CALLBACK(on_signed_off), NULL);
  purple_signal_connect(purple_connections_get_handle(), "connection-error", &handle, PURPLE_CALLBACK(on_error), NULL);
  g_io_add_watch(g_io_channel_unix_new(STDIN_FILENO), G_IO_IN | G_IO_HUP, on_standard_input, NULL);
  sign_on(arguments[2], arguments[3]);
  g_main_loop_run(loop);
  purple_core_quit();
  return 0;
}
