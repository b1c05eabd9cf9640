/*
 * Preloaded into Kamailio. Its xmpp module (seen in 5.6.3, kamailio/kamailio#4154) looks for an empty
 * string at the end of an element's attributes, where expat puts a null pointer: without this the
 * first element from the XMPP server ends the process. The module is handed a copy of the list that
 * ends in both ways.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stddef.h>

typedef void (*start_handler)(void *user, const char *element, const char **attributes);
typedef void (*end_handler)(void *user, const char *element);
typedef void (*set_handlers)(void *parser, start_handler start, end_handler end);

enum { MOST_STRINGS = 128 };

static start_handler module_start;

static void start_with_safe_end(void *user, const char *element, const char **attributes)
{
	const char *copy[MOST_STRINGS + 4];
	size_t n = 0;

	while (attributes != NULL && attributes[n] != NULL && n < MOST_STRINGS) {
		copy[n] = attributes[n];
		copy[n + 1] = attributes[n + 1];
		n += 2;
	}
	copy[n] = "";
	copy[n + 1] = "";
	copy[n + 2] = NULL;
	copy[n + 3] = NULL;
	module_start(user, element, copy);
}

void XML_SetElementHandler(void *parser, start_handler start, end_handler end)
{
	static set_handlers expat;

	if (expat == NULL)
		expat = (set_handlers)dlsym(dlopen("libexpat.so.1", RTLD_NOW), "XML_SetElementHandler");
	module_start = start;
	expat(parser, start_with_safe_end, end);
}
