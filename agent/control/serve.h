/* serve - the server's half of control.h: clients, their limits and deadlines.
 */
#ifndef CONTROL_SERVE_H
#define CONTROL_SERVE_H

#include "control/control.h"

MUST_CHECK int serve_listen(struct control_server **out, const char *path,
    const struct control_loop *loop, const struct control_callbacks *callbacks,
    struct err *err);
void serve_progress(struct control_client *client, json_t *progress);
void serve_answer(struct control_client *client, json_t *result);
void serve_refuse(struct control_client *client, const char *code,
    const char *text, const char *next);
void serve_set_patience(struct control_server *server, int64_t ms);
void serve_close(struct control_server *server);

#endif
