/*
 * A libpurple client without a window: signs one account of the SIPE plugin on, says on standard output what becomes of it, a line
 * for each event, and signs it off when standard input ends.
 *
 *   sipe-client FOLDER SIP-NAME,LOGIN HOST:PORT     (the password in SIPE_PASSWORD; DEBUG set: libpurple's own log as well)
 *
 * Lines it reads: `status ID NOTE` (available, busy, away and the others of the plugin), `im ADDRESS TEXT`, and of one chat room at a
 * time `join ADDRESS`, `say TEXT` and `leave`.
 * Lines it writes: `signed-on`, `signed-off`, `connection-error TEXT`, `buddy ADDRESS ID TEXT`, `im ADDRESS HTML`, and of the room
 * `joined NAME`, `entered ADDRESS`, `went ADDRESS`, `chat ADDRESS HTML`.
 */
#define _GNU_SOURCE
#define PURPLE_PLUGINS
#include <dlfcn.h>
#include <glib.h>
#include <purple.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static GMainLoop *loop;
static PurpleAccount *account;

/*
 * pidgin-sipe 1.25.0 hands libxml2 a handler of the old kind marked as one of the new, and libxml2 2.9.14 then calls none of it:
 * every document seems empty. The plugin finds this function first, and the mark is put right in a copy.
 */
typedef struct {
  void *calls[27];
  unsigned int initialized;
  void *more[4];
} SaxHandler;

int xmlSAXUserParseMemory(SaxHandler *handler, void *data, const char *text, int length) {
  int (*parse)(SaxHandler *, void *, const char *, int) = dlsym(RTLD_NEXT, "xmlSAXUserParseMemory");
  SaxHandler copy = *handler;
  if (!copy.more[1] && !copy.more[2]) copy.initialized = 1;
  return parse(&copy, data, text, length);
}

/*
 * libpurple 2.14 loses its place in a buffer that a message fills to the last byte, and sends it round and round. One that no
 * message fills is given out instead.
 */
PurpleCircBuffer *purple_circ_buffer_new(gsize grow) {
  PurpleCircBuffer *(*make)(gsize) = dlsym(RTLD_NEXT, "purple_circ_buffer_new");
  return make(1024 * 1024);
}

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

static void on_im(PurpleAccount *to, char *sender, char *message, PurpleConversation *in, int flags, gpointer data) {
  char *text = g_strdup_printf("%s %s", sender, message);
  say("im", text);
  g_free(text);
}

static PurpleConversation *room;

static void on_joined(PurpleConversation *chat, gpointer data) {
  room = chat;
  say("joined", purple_conversation_get_name(chat));
}

static void on_entered(PurpleConversation *chat, const char *name, int flags, gboolean fresh, gpointer data) {
  say("entered", name);
}

static void on_went(PurpleConversation *chat, const char *name, const char *reason, gpointer data) {
  say("went", name);
}

static void on_chat(PurpleAccount *to, char *sender, char *message, PurpleConversation *in, int flags, gpointer data) {
  char *text = g_strdup_printf("%s %s", sender, message);
  say("chat", text);
  g_free(text);
}

static void join(const char *address) {
  GHashTable *components = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  g_hash_table_insert(components, g_strdup("uri"), g_strdup(address));
  serv_join_chat(purple_account_get_connection(account), components);
  g_hash_table_destroy(components);
}

static int room_id(void) {
  return purple_conv_chat_get_id(purple_conversation_get_chat_data(room));
}

/* A note changes without a signal, so that buddies are looked at now and then. */
static gboolean look_at_buddies(gpointer data) {
  static GHashTable *told;
  GSList *buddies = purple_find_buddies(account, NULL), *each;
  if (!told) told = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  for (each = buddies; each; each = each->next) {
    PurpleBuddy *buddy = each->data;
    PurpleStatus *status = purple_presence_get_active_status(purple_buddy_get_presence(buddy));
    PurpleConnection *connection = purple_account_get_connection(account);
    PurplePluginProtocolInfo *plugin = connection ? PURPLE_PLUGIN_PROTOCOL_INFO(connection->prpl) : NULL;
    char *markup = plugin && plugin->status_text ? plugin->status_text(buddy) : NULL;
    char *note = markup ? purple_unescape_html(markup) : NULL;
    const char *name = purple_buddy_get_name(buddy);
    char *text = g_strdup_printf("%s %s %s", name, purple_status_get_id(status), note ? note : "");
    const char *before = g_hash_table_lookup(told, name);
    if (!before || strcmp(before, text)) {
      say("buddy", text);
      g_hash_table_insert(told, g_strdup(name), g_strdup(text));
    }
    g_free(text);
    g_free(note);
    g_free(markup);
  }
  g_slist_free(buddies);
  return TRUE;
}

static void obey(char *line) {
  char **words = g_strsplit(g_strchomp(line), " ", 3);
  PurpleConnection *connection = purple_account_get_connection(account);
  if (g_str_has_prefix(line, "join "))
    join(line + strlen("join "));
  else if (room && g_str_has_prefix(line, "say "))
    serv_chat_send(connection, room_id(), line + strlen("say "), 0);
  else if (room && !strcmp(line, "leave"))
    serv_chat_leave(connection, room_id());
  else if (g_strv_length(words) == 3 && !strcmp(words[0], "im"))
    serv_send_im(connection, words[1], words[2], 0);
  else if (g_strv_length(words) == 3 && !strcmp(words[0], "status"))
    purple_account_set_status(account, words[1], TRUE, "message", words[2], NULL);
  else
    say("not-understood", line);
  g_strfreev(words);
}

static gboolean on_standard_input(GIOChannel *channel, GIOCondition condition, gpointer data) {
  char *line = NULL;
  if (g_io_channel_read_line(channel, &line, NULL, NULL, NULL) == G_IO_STATUS_NORMAL) {
    if (purple_account_is_connected(account)) obey(line);
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
  purple_signal_connect(purple_conversations_get_handle(), "received-im-msg", &handle, PURPLE_CALLBACK(on_im), NULL);
  purple_signal_connect(purple_conversations_get_handle(), "chat-joined", &handle, PURPLE_CALLBACK(on_joined), NULL);
  purple_signal_connect(purple_conversations_get_handle(), "chat-buddy-joined", &handle, PURPLE_CALLBACK(on_entered), NULL);
  purple_signal_connect(purple_conversations_get_handle(), "chat-buddy-left", &handle, PURPLE_CALLBACK(on_went), NULL);
  purple_signal_connect(purple_conversations_get_handle(), "received-chat-msg", &handle, PURPLE_CALLBACK(on_chat), NULL);
  g_timeout_add(100, look_at_buddies, NULL);
  g_io_add_watch(g_io_channel_unix_new(STDIN_FILENO), G_IO_IN | G_IO_HUP, on_standard_input, NULL);
  sign_on(arguments[2], arguments[3]);
  g_main_loop_run(loop);
  purple_core_quit();
  return 0;
}
