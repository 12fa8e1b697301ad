/** Users: people who sign in. How they prove who they are is the business of the web module. */
@NullMarked
package io.funkhaus.api.user;

import org.jspecify.annotations.NullMarked;
