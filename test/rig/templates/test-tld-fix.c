/*
 * Preloaded into Prosody. libunbound keeps a built-in empty zone for "test." (RFC 6761), and
 * lua-unbound has no setting to drop it; without this Prosody never asks the rig's name server about
 * contoso.test or partner.test. The zone is removed from each context before its first look-up.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stddef.h>

typedef int (*resolve_async)(void *context, const char *name, int type, int class,
			     void *data, void *callback, int *id);
typedef int (*zone_remove)(void *context, const char *zone);

int ub_resolve_async(void *context, const char *name, int type, int class,
		     void *data, void *callback, int *id)
{
	static void *unbound, *prepared;

	if (unbound == NULL)
		unbound = dlopen("libunbound.so.8", RTLD_NOW);
	if (prepared != context) {
		((zone_remove)dlsym(unbound, "ub_ctx_zone_remove"))(context, "test.");
		prepared = context;
	}
	return ((resolve_async)dlsym(unbound, "ub_resolve_async"))(context, name, type, class, data, callback, id);
}
