#include <libwebsockets.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

/* A macro that Swift cannot read: the bytes that must be free before a message to be sent. */
enum { cdb_lws_pre = LWS_PRE };
