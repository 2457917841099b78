package pybridge_test

import (
	"bytes"
	"encoding/json"
	"image"
	"image/png"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestBundlesOfObjects(t *testing.T) {
	execute(t, `
class Rich:
    def _repr_html_(self): return '<b>rich</b>'
    def _repr_png_(self): return b'\x89PNG'
    def _repr_jpeg_(self): return 'AAEC'  # base64
    def _repr_svg_(self): return '<svg/>', {'isolated': True}
    def _repr_markdown_(self): return None
    def _repr_latex_(self): raise NotImplementedError
    def _repr_json_(self): return {'a': [1, None]}
    def __repr__(self): return 'Rich()'
class Bundle:
    def _repr_mimebundle_(self, include=None, exclude=None):
        return {'text/plain': 'plain', 'application/x': {'k': 1}}, {'application/x': {'m': 2}}
class Any:
    def __getattr__(self, name): return lambda *a, **k: name
    def __repr__(self): return 'Any()'
class Broken:
    def __repr__(self): raise ValueError('no')
`)
	b := eval(t, "Rich()").MIMEBundle()
	assert.Equal(t, map[string]any{
		"text/plain": "Rich()", "text/html": "<b>rich</b>", "image/png": []byte("\x89PNG"), "image/jpeg": []byte{0, 1, 2},
		"image/svg+xml": "<svg/>", "application/json": json.RawMessage(`{"a": [1, null]}`),
	}, b.Data)
	assert.Equal(t, map[string]any{"image/svg+xml": map[string]any{"isolated": true}}, b.Metadata)

	b = eval(t, "Bundle()").MIMEBundle()
	assert.Equal(t, map[string]any{"text/plain": "plain", "application/x": json.RawMessage(`{"k": 1}`)}, b.Data)
	assert.Equal(t, map[string]any{"application/x": map[string]any{"m": 2.0}}, b.Metadata)

	for source, want := range map[string]string{
		"Any()": "Any()", "Rich": "<class '__main__.Rich'>", "5": "5", "None": "None", "'x'": "'x'",
		"Broken()": "<Broken whose repr() raised ValueError: no>",
	} {
		b = eval(t, source).MIMEBundle()
		assert.Equal(t, map[string]any{"text/plain": want}, b.Data, source)
		assert.Empty(t, b.Metadata, source)
	}
}

func TestBundlesOfFramesAndArrays(t *testing.T) {
	needNumpy(t)
	b := eval(t, "__import__('numpy').arange(3)").MIMEBundle()
	assert.Equal(t, map[string]any{"text/plain": "array([0, 1, 2])"}, b.Data)
	needModule(t, "pandas")
	b = eval(t, "__import__('pandas').DataFrame({'a': [1, 2]})").MIMEBundle()
	assert.Contains(t, b.Data["text/html"], "<table")
	assert.Contains(t, b.Data["text/plain"], "a\n0  1\n1  2")
}

func TestDisplayFromPython(t *testing.T) {
	shown.take()
	execute(t, `
h = display('one', 2, display_id=True)
h.update('three')
display({'text/html': '<i>x</i>'}, raw=True, metadata={'k': 1})
from gopy_kernel import clear_output
clear_output(wait=True)
`)
	events := shown.take()
	require.Len(t, events, 5)
	assert.Equal(t, "'one'", events[0].bundle.Data["text/plain"])
	assert.Equal(t, "2", events[1].bundle.Data["text/plain"])
	assert.NotEmpty(t, events[0].id)
	assert.Equal(t, events[0].id, events[2].id)
	assert.True(t, events[2].update)
	assert.False(t, events[0].update)
	assert.Equal(t, map[string]any{"text/html": "<i>x</i>"}, events[3].bundle.Data)
	assert.Equal(t, map[string]any{"k": 1.0}, events[3].bundle.Metadata)
	assert.Equal(t, event{clear: true, wait: true}, events[4])
}

func TestDisplayOfIPythonWithoutAShell(t *testing.T) {
	needModule(t, "IPython")
	shown.take()
	execute(t, `
from IPython.display import HTML, display as show, clear_output as clear, update_display, Image
show(HTML('<b>x</b>'), display_id='id')
update_display(HTML('y'), display_id='id')
clear()
`)
	events := shown.take()
	require.Len(t, events, 3)
	assert.Equal(t, "<b>x</b>", events[0].bundle.Data["text/html"])
	assert.Contains(t, events[0].bundle.Data, "text/plain")
	assert.Equal(t, "id", events[0].id)
	assert.True(t, events[1].update)
	assert.True(t, events[2].clear)
}

func decodePNG(t *testing.T, e event) image.Image {
	t.Helper()
	data, is := e.bundle.Data["image/png"].([]byte)
	require.True(t, is, "%v", e.bundle.Data)
	img, err := png.Decode(bytes.NewReader(data))
	require.NoError(t, err)
	return img
}

// colours counts the different ones, up to a few: a blank picture has one.
func colours(img image.Image) int {
	seen := map[[4]uint32]bool{}
	for y := img.Bounds().Min.Y; y < img.Bounds().Max.Y; y++ {
		for x := img.Bounds().Min.X; x < img.Bounds().Max.X; x++ {
			r, g, b, a := img.At(x, y).RGBA()
			seen[[4]uint32{r, g, b, a}] = true
		}
	}
	return len(seen)
}

func TestFigures(t *testing.T) {
	needModule(t, "matplotlib")
	shown.take()
	onMain(t, func() error {
		return rt.Exec(`
import matplotlib.pyplot as plt
plt.plot([1, 4, 9])
plt.title('squares')
`)
	})
	assert.Empty(t, shown.take(), "nothing is shown before the cell ends")
	onMain(t, rt.EndCell)
	events := shown.take()
	require.Len(t, events, 1)
	img := decodePNG(t, events[0])
	// 6.4 by 4.8 inches at 100 dpi, cut to what is drawn.
	assert.InDelta(t, 540, img.Bounds().Dx(), 60)
	assert.InDelta(t, 435, img.Bounds().Dy(), 60)
	assert.Greater(t, colours(img), 10)
	assert.Contains(t, events[0].bundle.Data["text/plain"], "Figure")
	onMain(t, rt.EndCell)
	assert.Empty(t, shown.take(), "the figure was closed")
}

func TestShowShowsAtOnce(t *testing.T) {
	needModule(t, "matplotlib")
	shown.take()
	onMain(t, func() error {
		return rt.Exec(`
import matplotlib.pyplot as plt
plt.figure(figsize=(2, 2), dpi=50); plt.plot([1, 2]); plt.figure(); plt.bar([1], [2])
plt.show()
display('between')
plt.figure()
fig, ax = plt.subplots(); ax.plot([3, 1])
fig.show()
fig2, ax2 = plt.subplots(); ax2.plot([3, 1])
fig2.show()
ax2.set_title('changed')
figures_left = plt.get_fignums()
`)
	})
	events := shown.take()
	require.Len(t, events, 5)
	assert.Less(t, decodePNG(t, events[0]).Bounds().Dx(), 120)
	decodePNG(t, events[1])
	assert.Equal(t, "'between'", events[2].bundle.Data["text/plain"])
	decodePNG(t, events[3])
	decodePNG(t, events[4])
	assert.Len(t, as[[]int](t, "figures_left"), 3)
	onMain(t, rt.EndCell)
	events = shown.take()
	require.Len(t, events, 1, "neither the empty one nor the one that was shown already")
	decodePNG(t, events[0])
}

func TestAFigureIsAPicture(t *testing.T) {
	needModule(t, "matplotlib")
	execute(t, "from matplotlib.figure import Figure\nfig = Figure(); fig.subplots().plot([1, 2])")
	b := eval(t, "fig").MIMEBundle()
	img := decodePNG(t, event{bundle: b})
	assert.Greater(t, colours(img), 5)
}
