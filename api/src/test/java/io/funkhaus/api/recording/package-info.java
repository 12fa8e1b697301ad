@NullMarked
package io.funkhaus.api.recording;

import org.jspecify.annotations.NullMarked;
